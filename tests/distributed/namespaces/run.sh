#!/usr/bin/env bash
# Runs a program on two ranks in network namespaces of their own, which only a link of 1 Gbit/s joins: as root, run.sh PROGRAM ARGUMENTS...
# With DELAY=200us (and LOSS=0.1%) by netem, where the kernel has it; else it says so and goes on with the rate alone. Returns 77 where
# there can be no namespaces.
set -eu
net=10.77.$((RANDOM % 256))
bridge=xg$$
names=(xg$$-1 xg$$-2)
clean() {
  for n in "${names[@]}"; do ip netns del "$n" 2> /dev/null || true; done
  ip link del $bridge 2> /dev/null || true
  rm -rf "$work"
}
mpiexec=${MPIEXEC:-mpirun}
"$mpiexec" --version | grep -q 'Open MPI\|OpenRTE' || { echo "$mpiexec is not Open MPI's"; exit 77; }
work=$(mktemp -d)
trap clean EXIT
command -v ip tc > /dev/null && ip link add $bridge type bridge 2> /dev/null && ip netns add "${names[0]}" 2> /dev/null && ip netns add "${names[1]}" ||
  { echo "no network namespaces here"; exit 77; }
ip addr add $net.254/24 dev $bridge
ip link set $bridge up
i=0
for n in "${names[@]}"; do
  i=$((i + 1))
  ip link add "$n" type veth peer name eth0 netns "$n"
  ip link set "$n" master $bridge up
  ip netns exec "$n" ip addr add $net.$i/24 dev eth0
  ip netns exec "$n" ip link set eth0 up
  ip netns exec "$n" ip link set lo up
  if ! ip netns exec "$n" tc qdisc add dev eth0 root netem rate 1gbit delay "${DELAY:-200us}" loss "${LOSS:-0%}" 2> /dev/null; then
    [ $i -eq 2 ] || echo "this kernel has no netem: a rate of 1 Gbit/s without delay" >&2
    ip netns exec "$n" tc qdisc add dev eth0 root tbf rate 1gbit burst 64k latency 50ms || { echo "no traffic control here"; exit 77; }
  fi
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
"$mpiexec" --mca plm_rsh_agent "$work/agent" --mca oob_tcp_if_include $net.0/24 --mca btl_tcp_if_include $net.0/24 --mca btl self,tcp \
  -x XGRAD_NUM_THREADS=1 --host "${names[0]}:1,${names[1]}:1" -np 2 "$@"
