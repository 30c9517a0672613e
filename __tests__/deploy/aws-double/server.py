"""A strict local AWS: moto's server, with what our stacks need and moto lacks, and with AWS' refusals.

Usage: python3 server.py -H 127.0.0.1 -p PORT   (needs moto[server])
"""
import sys

import answers  # noqa: F401
import applications  # noqa: F401
import buckets  # noqa: F401
import calls  # noqa: F401
import compute  # noqa: F401
import ecs_deployments  # noqa: F401
import ecs_refusals  # noqa: F401
import elasticache_clusters  # noqa: F401
import elasticache_groups  # noqa: F401
import elasticache_offers  # noqa: F401
import elasticache_parameters  # noqa: F401
import elasticache_replicas  # noqa: F401
import elasticache_serverless  # noqa: F401
import elasticache_shards  # noqa: F401
import elasticache_subnet_groups  # noqa: F401
import elasticache_users  # noqa: F401
import filled_in  # noqa: F401
import functions  # noqa: F401
import load_balancers  # noqa: F401
import secret_names  # noqa: F401
import security_groups  # noqa: F401
import vpcs  # noqa: F401
import values  # noqa: F401  last of ElastiCache's: it stands around their answers

if __name__ == "__main__":
    from moto.server import main

    main(sys.argv[1:])
