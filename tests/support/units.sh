# The units of examples/cron, for tests of the jobs: . "$GREFFE_SOURCE/tests/support/units.sh" behind expect.sh.
# shellcheck shell=bash
# hardened SERVICE: it takes away what SAFETY S7 names.
hardened() {
  local setting
  for setting in NoNewPrivileges ProtectSystem ProtectHome PrivateTmp PrivateDevices PrivateNetwork CapabilityBoundingSet \
    RestrictAddressFamilies RestrictNamespaces RestrictSUIDSGID LockPersonality MemoryDenyWriteExecute ProtectProc \
    SystemCallArchitectures SystemCallFilter UMask MemoryMax TasksMax; do
    holds "$setting is set" grep -q "^$setting=" "$1"
  done
}
# sound NAME: systemd finds nothing in NAME.service and NAME.timer, where there is one.
sound() {
  local units=$work/units told
  [ -n "$(command -v systemd-analyze)" ] || return 0
  mkdir -p "$units"
  cp "$GREFFE_SOURCE"/examples/cron/*.service "$GREFFE_SOURCE"/examples/cron/*.timer "$units"
  sed -i 's#^ExecStart=/usr/local/bin/#ExecStart=/bin/true #' "$units"/*.service
  told=$(cd "$units" && systemd-analyze verify --man=no "./$1.service" "./$1.timer" 2>&1 | grep -F greffe- || true)
  holds "systemd finds nothing in the units: $told" same "$told" ""
}
# crontab_line NAME: the command of that job in greffe.crontab, with the places of this test.
crontab_line() {
  grep "$1" "$GREFFE_SOURCE/examples/cron/greffe.crontab" | grep -v '^#' | cut -d' ' -f7- |
    sed "s#/srv/archive#$archive#; s#/var/log/greffe#$work#; s#/etc/greffe#$work#; s#/var/lib/greffe#$work#"
}
