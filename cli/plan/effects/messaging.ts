import { compared, effects, ended, interrupts, lowered, type Row, type TypeEffects } from "./effect";

const POLICY: Row = { created: compared, destroyed: compared, compared: ["policy"] };

/** Effects of changes to queues and topics, by resource type. */
export const MESSAGING: Readonly<Record<string, TypeEffects>> = {
  aws_sqs_queue: effects("AWSSimpleQueueService/latest/APIReference/API_SetQueueAttributes.html", {
    destroyed: ended("its messages are lost, and what sends to it fails"),
    calm: ["visibility_timeout_seconds", "receive_wait_time_seconds", "delay_seconds"],
    compared: ["policy"],
    changed: {
      message_retention_seconds: lowered(
        "message_retention_seconds",
        interrupts("keeps messages for less long: those that are older are lost"),
      ),
    },
  }),
  aws_sns_topic: effects("sns/latest/dg/welcome.html", {
    destroyed: ended("what publishes to it fails, alarms reach no reader"),
    calm: ["display_name", "delivery_policy"],
    compared: ["policy"],
  }),
  aws_sns_topic_policy: effects("sns/latest/dg/sns-access-policy-language-api-permissions-reference.html", POLICY),
  aws_sqs_queue_policy: effects("AWSSimpleQueueService/latest/APIReference/API_SetQueueAttributes.html", POLICY),
};
