import {
  type Effect,
  each,
  effects,
  ended,
  interruption,
  interrupts,
  opens,
  sessions,
  switchedOff,
  type TypeEffects,
  unjudged,
} from "./effect";
import { groupsSwapped } from "./groups";

/** A database is down while backups are switched on or off, and not while their number changes. */
const backups: Effect = ({ before, after }) => {
  const [was, is] = [before, after].map((values) => Number(values?.backup_retention_period ?? 0) > 0);
  if (was === is) return [];
  return [
    ...(is ? [] : [sessions("is backed up no more: nothing to go back to")]),
    interruption(`is down while backups are switched ${is ? "on" : "off"}`),
  ];
};

/** Effects of changes to RDS databases, by resource type. */
export const DATABASES: Readonly<Record<string, TypeEffects>> = {
  aws_db_instance: effects("AmazonRDS/latest/UserGuide/Overview.DBInstance.Modifying.html", {
    destroyed: ended("all that it holds is lost", "sessions"),
    calm: [
      "allocated_storage",
      "max_allocated_storage",
      "maintenance_window",
      "backup_window",
      "copy_tags_to_snapshot",
      "deletion_protection",
      "skip_final_snapshot",
      "final_snapshot_identifier",
      "performance_insights_enabled",
      "monitoring_interval",
      "monitoring_role_arn",
      "enabled_cloudwatch_logs_exports",
      "apply_immediately",
    ],
    changed: {
      publicly_accessible: switchedOff(
        "publicly_accessible",
        interrupts("is no longer reached from the internet"),
        opens("is reached from the internet"),
      ),
      vpc_security_group_ids: groupsSwapped,
      ...each(["instance_class", "engine_version"], interrupts("is down while it is changed")),
      // AWS applies the parameters of another group at the next reboot; their effect is not in the plan.
      parameter_group_name: unjudged,
      ...each(["password", "username"], interrupts("has another login: an app with the one before is refused")),
      backup_retention_period: backups,
      multi_az: switchedOff("multi_az", interrupts("has no standby any more: when its zone fails, it is down")),
      iam_database_authentication_enabled: switchedOff(
        "iam_database_authentication_enabled",
        interrupts("takes no logins by IAM any more"),
      ),
    },
  }),
  aws_rds_cluster: effects("AmazonRDS/latest/AuroraUserGuide/Aurora.Modifying.html", {
    destroyed: ended("all that it holds is lost", "sessions"),
    calm: ["preferred_backup_window", "preferred_maintenance_window", "deletion_protection", "copy_tags_to_snapshot"],
    changed: {
      vpc_security_group_ids: groupsSwapped,
      engine_version: interrupts("is down while it is changed"),
      master_password: interrupts("has another login: an app with the one before is refused"),
    },
  }),
};
