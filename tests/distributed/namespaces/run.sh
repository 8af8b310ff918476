#!/usr/bin/env bash
# Runs a program on two ranks in network namespaces of their own, which only a slow link joins: as root, run.sh SLOW_LINK PROGRAM ARGUMENTS...
# SLOW_LINK: the program made of slow_link.cpp. In the environment RATE, DELAY and LOSS, at first 1e9 bits a second, 200e-6 seconds and a frame
# in a thousand (0.001). Returns 77 where there can be no namespaces.
set -eu
slow_link=$1
shift
third=$((RANDOM % 256))
control=10.77.$third link=10.78.$third
bridge=xg$$
names=(xg$$-1 xg$$-2)
clean() {
  [ -z "${carrier:-}" ] || { kill "$carrier" && wait "$carrier"; } 2> /dev/null || true
  for n in "${names[@]}"; do ip netns del "$n" 2> /dev/null || true; done
  ip link del $bridge 2> /dev/null || true
  rm -rf "$work"
}
mpiexec=${MPIEXEC:-mpirun}
"$mpiexec" --version | grep -q 'Open MPI\|OpenRTE' || { echo "$mpiexec is not Open MPI's"; exit 77; }
work=$(mktemp -d)
trap clean EXIT
command -v ip > /dev/null && ip link add $bridge type bridge 2> /dev/null && ip netns add "${names[0]}" 2> /dev/null && ip netns add "${names[1]}" ||
  { echo "no network namespaces here"; exit 77; }
# The launcher's own network.
ip addr add $control.254/24 dev $bridge
ip link set $bridge up
i=0
for n in "${names[@]}"; do
  i=$((i + 1))
  ip link add "$n" type veth peer name eth0 netns "$n"
  ip link set "$n" master $bridge up
  ip netns exec "$n" ip addr add $control.$i/24 dev eth0
  for device in lo eth0; do ip netns exec "$n" ip link set $device up; done
done
# What messages go over.
mkfifo "$work/said"
"$slow_link" "${RATE:-1e9}" "${DELAY:-200e-6}" "${LOSS:-0.001}" "${names[@]}" > "$work/said" &
carrier=$!
read -r _ < "$work/said" || { echo "no TAP devices here"; exit 77; }
i=0
for n in "${names[@]}"; do
  i=$((i + 1))
  ip netns exec "$n" ip link set eth1 mtu 9000 up
  ip netns exec "$n" ip addr add $link.$i/24 dev eth1
done
# In place of ssh: the launcher's daemon starts in the namespace, under the namespace's name, so that ranks don't take each other for neighbours.
cat > "$work/agent" << 'AGENT'
#!/bin/sh
host=$1
shift
exec ip netns exec "$host" unshare -u sh -c "hostname $host; $*"
AGENT
chmod +x "$work/agent"
export OMPI_ALLOW_RUN_AS_ROOT=1 OMPI_ALLOW_RUN_AS_ROOT_CONFIRM=1
# Not bound to processors: each namespace takes all of them for its own, and both ranks would be bound to the first.
"$mpiexec" --bind-to none --mca plm_rsh_agent "$work/agent" --mca oob_tcp_if_include $control.0/24 --mca btl_tcp_if_include $link.0/24 --mca btl self,tcp \
  -x XGRAD_NUM_THREADS=1 --host "${names[0]}:1,${names[1]}:1" -np 2 "$@"
