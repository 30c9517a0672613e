/** File of the app's output, which the agent reads. */
const APP_LOG = "/var/log/web-app.log";
/** File of the setup's output. */
export const SETUP_LOG = "/var/log/web-app-setup.log";
const AGENT = "/opt/aws/amazon-cloudwatch-agent/bin/amazon-cloudwatch-agent-ctl";
const AGENT_CONFIGURATION = "/etc/web-app/logs.json";

/** Properties of {@link shipLogs}. */
export interface ShippedLogs {
  readonly region: string;
  /** Name of the log group, which must exist: the agent's role does not create one. */
  readonly logGroupName: string;
}

/**
 * Functions of a setup script that send the logs of app and setup to CloudWatch. The app's output goes to a file, because the agent reads
 * the journal since version 1.300070 alone, and an image has the agent of its own release. If the agent cannot be installed,
 * the output stays in the journal and the app serves all the same. Without a pattern for several lines, the agent takes each line that begins
 * with no blank for an event of its own, as CloudWatch needs it for the app's metrics.
 *
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch-Agent-Configuration-File-Details.html
 */
export function shipLogs({ region, logGroupName }: ShippedLogs): string {
  const read = (file_path: string, stream: string) => {
    return { file_path, log_group_name: logGroupName, log_stream_name: `{instance_id}/${stream}` };
  };
  const files = { collect_list: [read(APP_LOG, "app"), read(SETUP_LOG, "setup")] };
  const configuration = JSON.stringify({ agent: { region }, logs: { logs_collected: { files } } });
  return `
install_agent() {
  if [[ -x ${AGENT} ]]; then return 0; fi
  dnf install -y -q amazon-cloudwatch-agent logrotate
}

# The app goes on without what fails here.
ship_logs() {
  install_agent || return 1
  put ${AGENT_CONFIGURATION} 644 <<'END_OF_AGENT'
${configuration}
END_OF_AGENT
  # The image rotates logs once a day, which may be too late for a busy app.
  put /etc/systemd/system/logrotate.timer.d/web-app.conf 644 <<'END_OF_TIMER'
[Timer]
OnCalendar=hourly
END_OF_TIMER
  put /etc/logrotate.d/web-app 644 <<'END_OF_ROTATION'
${APP_LOG} {
  size 50M
  rotate 1
  copytruncate
  missingok
}
END_OF_ROTATION
  put /etc/systemd/system/web-app.service.d/logs.conf 644 <<'END_OF_OUTPUT'
[Service]
StandardOutput=append:${APP_LOG}
StandardError=inherit
END_OF_OUTPUT
  if [[ $CHANGED == no ]] && systemctl is-active --quiet amazon-cloudwatch-agent; then return 0; fi
  systemctl daemon-reload
  systemctl enable --quiet --now logrotate.timer || return 1
  ${AGENT} -a fetch-config -m ec2 -s -c file:${AGENT_CONFIGURATION} >/dev/null
}

try_to_ship_logs() {
  ship_logs || echo "web-app setup: the logs stay on this instance, because the CloudWatch agent did not start"
}
`;
}

/** Shows the end of the app's output, when the app does not answer. */
export const SHOW_LOG = `tail --lines 50 ${APP_LOG} 2>/dev/null || true`;
