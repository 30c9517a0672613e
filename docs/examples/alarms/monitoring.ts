// A dashboard, and an alarm of your own beside those of this package. Alarms go to your topic.
import { SnsTopic } from "@cdktf/provider-aws/lib/sns-topic";
import { App } from "cdktf";
import { type Metric, MissingData, Monitoring, SessionStack } from "cdktf-session-store";

const app = new App();
const stack = new SessionStack(app, "shop", { region: "ap-northeast-1" });
const topic = new SnsTopic(stack, "pages", { name: "pages" });
const monitoring = new Monitoring(stack, "monitoring", { region: "ap-northeast-1", topic });

const oldest: Metric = {
  namespace: "AWS/SQS",
  name: "ApproximateAgeOfOldestMessage",
  dimensions: { QueueName: "orders" },
  statistic: "Maximum",
};
monitoring.alarm(stack, "old-orders", {
  metric: oldest,
  threshold: 300,
  periods: 5,
  missingData: MissingData.NOT_BREACHING,
  description: "Orders have waited for more than 5 minutes",
});
monitoring.show("Orders", [{ title: "Age of the oldest order, in seconds", metrics: [oldest] }]);
app.synth();
