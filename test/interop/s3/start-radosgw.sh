#!/usr/bin/env bash
# start-radosgw.sh DIR PORT MONITOR_PORT USER PASSWORD: a Ceph of one monitor, one OSD that keeps everything in memory, and radosgw,
# all on the loopback interface. Returns when it answers; the process ids are in DIR/{mon,osd,rgw}.pid.
set -euo pipefail
dir=$1 port=$2 monitor=$3 user=$4 password=$5
mkdir -p "$dir"/{mon,osd,run,log}
fsid=$(cat /proc/sys/kernel/random/uuid)
cat >"$dir/ceph.conf" <<EOF
[global]
fsid = $fsid
mon host = [v2:127.0.0.1:$monitor]
public addr = 127.0.0.1
cluster addr = 127.0.0.1
auth cluster required = none
auth service required = none
auth client required = none
mon allow pool size one = true
osd pool default size = 1
osd pool default min size = 1
osd pool default pg num = 4
osd pool default pgp num = 4
osd pool default pg autoscale mode = off
mon max pg per osd = 1000
osd crush chooseleaf type = 0
run dir = $dir/run
crash dir = $dir/run
admin socket = $dir/run/\$name.asok
log file = $dir/log/\$name.log
mon cluster log file = $dir/log/cluster.log
ms bind ipv6 = false
keyring = $dir/keyring
[mon]
mon data = $dir/mon
[osd]
osd data = $dir/osd
osd objectstore = memstore
memstore device bytes = 1073741824
[client]
ms mon client mode = crc
[client.rgw]
rgw frontends = beast endpoint=127.0.0.1:$port
rgw data = $dir/run
EOF
export CEPH_CONF=$dir/ceph.conf

within() { # SECONDS COMMAND…: waits until it succeeds
  local end=$((SECONDS + $1))
  shift
  until "$@" >/dev/null 2>&1; do
    [ $SECONDS -lt $end ] || { echo "in vain: $*" >&2; exit 1; }
    sleep 0.2
  done
}
daemon() { # NAME COMMAND…
  "${@:2}" >"$dir/log/$1.out" 2>&1 &
  echo $! >"$dir/$1.pid"
}

: >"$dir/keyring"
ceph-authtool --create-keyring "$dir/mon.keyring" --gen-key -n mon. --cap mon 'allow *' >/dev/null
monmaptool --create --fsid "$fsid" --addv a "[v2:127.0.0.1:$monitor]" "$dir/monmap" >/dev/null
ceph-mon --mkfs -i a --monmap "$dir/monmap" --keyring "$dir/mon.keyring"
daemon mon ceph-mon -f -i a
within 30 timeout 5 ceph -s
uuid=$(cat /proc/sys/kernel/random/uuid)
id=$(timeout 20 ceph osd new "$uuid")
ceph-osd -i "$id" --mkfs --osd-uuid "$uuid" >"$dir/log/mkfs.out" 2>&1
daemon osd ceph-osd -f -i "$id"
osd_is_up() { ceph osd stat | grep -q '1 up'; }
within 30 osd_is_up
daemon rgw radosgw -f -n client.rgw
within 60 curl -sf "http://127.0.0.1:$port/"
radosgw-admin user create --uid=test --display-name=test --access-key="$user" --secret-key="$password" >/dev/null
