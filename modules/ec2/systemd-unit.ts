/** Properties of a systemd unit. */
export interface SystemdUnitProps {
  /** The command, absolute. */
  readonly command: string;
  /** Path of its EnvironmentFile. */
  readonly environmentFile: string;
}

/**
 * A systemd unit that restarts a Node server when it ends, stops it with SIGTERM, and limits its rights: it runs as a user that exists only
 * while it runs, and its file system is read-only.
 *
 * @see https://www.freedesktop.org/software/systemd/man/latest/systemd.exec.html
 */
export function systemdUnit({ command, environmentFile }: SystemdUnitProps): string {
  return `[Unit]
Description=Web app (deployed by Terraform: a change made here is lost with the next deploy)
Wants=network-online.target
After=network-online.target
# Never gives up: Redis or a secret may be away for longer than the usual five attempts.
StartLimitIntervalSec=0

[Service]
Type=exec
ExecStart=${command}
EnvironmentFile=${environmentFile}
Restart=always
RestartSec=2
# The app answers what is under way, then ends.
KillSignal=SIGTERM
TimeoutStopSec=30
LimitNOFILE=65536

# No MemoryDenyWriteExecute here: Node compiles while it runs.
DynamicUser=yes
UMask=0077
NoNewPrivileges=yes
CapabilityBoundingSet=
ProtectSystem=strict
ProtectHome=yes
ProtectClock=yes
ProtectControlGroups=yes
ProtectHostname=yes
ProtectKernelLogs=yes
ProtectKernelModules=yes
ProtectKernelTunables=yes
ProtectProc=invisible
PrivateDevices=yes
PrivateTmp=yes
LockPersonality=yes
RestrictAddressFamilies=AF_INET AF_INET6 AF_NETLINK AF_UNIX
RestrictNamespaces=yes
RestrictRealtime=yes
RestrictSUIDSGID=yes
SystemCallArchitectures=native
SystemCallFilter=@system-service
SystemCallErrorNumber=EPERM

[Install]
WantedBy=multi-user.target`;
}
