terraform {
  required_providers {
    aws = { source = "hashicorp/aws", version = "5.100.0" }
  }
}
provider "aws" {
  region                      = "eu-west-1"
  access_key                  = "test"
  secret_key                  = "test"
  skip_credentials_validation = true
  skip_requesting_account_id  = true
  skip_metadata_api_check     = true
}
resource "aws_vpc" "main" {
  cidr_block = "10.0.0.0/16"
}
resource "aws_default_security_group" "main" {
  vpc_id = aws_vpc.main.id
  ingress {
    protocol  = -1
    self      = true
    from_port = 0
    to_port   = 0
  }
}
resource "aws_security_group" "web" {
  name        = "web"
  description = "web"
  vpc_id      = aws_vpc.main.id
  ingress {
    description = "app"
    protocol    = "tcp"
    from_port   = 8080
    to_port     = 8080
    cidr_blocks = ["0.0.0.0/1", "128.0.0.0/1"]
  }
}
resource "aws_security_group" "cache" {
  name        = "cache"
  description = "cache"
  vpc_id      = aws_vpc.main.id
  ingress {
    description     = "web"
    protocol        = "tcp"
    from_port       = 6379
    to_port         = 6379
    security_groups = [aws_security_group.web.id]
  }
}
resource "aws_security_group" "separate" {
  name        = "separate"
  description = "separate"
  vpc_id      = aws_vpc.main.id
}
resource "aws_security_group_rule" "older" {
  type              = "ingress"
  protocol          = "tcp"
  from_port         = 6379
  to_port           = 6379
  ipv6_cidr_blocks  = ["0::/0"]
  description       = "planted"
  security_group_id = aws_security_group.separate.id
}
resource "aws_vpc_security_group_ingress_rule" "newer" {
  for_each          = { low = "0.0.0.0/1", high = "128.0.0.0/1" }
  ip_protocol       = "tcp"
  from_port         = 22
  to_port           = 22
  cidr_ipv4         = each.value
  description       = "planted"
  security_group_id = aws_security_group.separate.id
}
resource "aws_elasticache_cluster" "redis" {
  cluster_id         = "sessions"
  engine             = "redis"
  node_type          = "cache.t4g.micro"
  num_cache_nodes    = 1
  security_group_ids = [aws_security_group.cache.id]
}
resource "aws_elasticache_serverless_cache" "open" {
  engine             = "valkey"
  name               = "open"
  security_group_ids = [aws_security_group.cache.id]
}
resource "aws_elasticache_user" "all" {
  user_id       = "all"
  user_name     = "all"
  engine        = "redis"
  access_string = "on %RW~* +@all"
  authentication_mode { type = "iam" }
}
resource "aws_elasticache_user_group" "open" {
  engine        = "redis"
  user_group_id = "open"
  user_ids      = ["default", aws_elasticache_user.all.user_id]
}
resource "aws_iam_role" "task" {
  name = "task"
  assume_role_policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Action = "sts:AssumeRole", Principal = { AWS = "*" } }]
  })
}
resource "aws_ecs_task_definition" "app" {
  family                   = "app"
  network_mode             = "host"
  requires_compatibilities = ["EC2"]
  task_role_arn            = aws_iam_role.task.arn
  container_definitions = jsonencode([{
    name = "app", image = "node:24", user = "1000", readonlyRootFilesystem = true, essential = true, memory = 256
    environment     = [{ name = "redisAuthToken", value = "hunter2hunter2" }]
    linuxParameters = { capabilities = { add = ["SYS_ADMIN"], drop = [] } }
  }])
}
resource "aws_lambda_function" "app" {
  function_name = "app"
  role          = aws_iam_role.task.arn
  runtime       = "nodejs22.x"
  handler       = "index.handler"
  s3_bucket     = "code"
  s3_key        = "app.zip"
}
resource "aws_lambda_function_url" "app" {
  function_name      = aws_lambda_function.app.function_name
  authorization_type = "NONE"
}
resource "aws_lambda_permission" "url" {
  statement_id           = "url"
  action                 = "lambda:InvokeFunctionUrl"
  function_name          = aws_lambda_function.app.function_name
  principal              = "*"
  function_url_auth_type = "NONE"
}
resource "aws_route53_zone" "main" {
  name = "example.com"
}
