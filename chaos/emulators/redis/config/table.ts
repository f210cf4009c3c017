/**
 * Every option of redis.conf that Redis 7.0 has, with its aliases, what it takes, how it can be set, and its default.
 *
 * - What it takes: `yes|no` and other words; `integer`, `memory` (with units such as `mb`), `octal`, each with its bounds; `text`;
 *   `special` where the option has rules of its own. A star: several words.
 * - How: `fixed` only at the start; `protected` unless `enable-protected-configs` allows more; `only` has no other value than its default
 *   here, since the emulator has nothing to set with it, and refuses another one by name.
 */
export const configurationTable = `
acl-pubsub-default                    -                             allchannels|resetchannels       -           resetchannels
aclfile                               -                             text                            fixed,only
acllog-max-len                        -                             integer:0..int64                -           128
active-defrag-cycle-max               -                             integer:1..99                   only        25
active-defrag-cycle-min               -                             integer:1..99                   only        1
active-defrag-ignore-bytes            -                             memory:1..int64                 only        104857600
active-defrag-max-scan-fields         -                             integer:1..int64                only        1000
active-defrag-threshold-lower         -                             integer:0..1000                 only        10
active-defrag-threshold-upper         -                             integer:0..1000                 only        100
active-expire-effort                  -                             integer:1..10                   -           1
activedefrag                          -                             yes|no                          only        no
activerehashing                       -                             yes|no                          -           yes
always-show-logo                      -                             yes|no                          fixed       no
aof-disable-auto-gc                   -                             yes|no                          -           no
aof-load-truncated                    -                             yes|no                          -           yes
aof-rewrite-incremental-fsync         -                             yes|no                          -           yes
aof-timestamp-enabled                 -                             yes|no                          only        no
aof-use-rdb-preamble                  -                             yes|no                          only        no
aof_rewrite_cpulist                   -                             text                            fixed,only
appenddirname                         -                             text                            fixed       appendonlydir
appendfilename                        -                             text                            fixed       appendonly.aof
appendfsync                           -                             everysec|always|no              -           everysec
appendonly                            -                             yes|no                          -           no
auto-aof-rewrite-min-size             -                             memory:0..int64                 -           67108864
auto-aof-rewrite-percentage           -                             integer:0..int32                -           100
bgsave_cpulist                        -                             text                            fixed,only
bind                                  -                             special*                        fixed       * -::*
bind-source-addr                      -                             text                            only
bio_cpulist                           -                             text                            fixed,only
busy-reply-threshold                  lua-time-limit                integer:0..int64                -           5000
client-output-buffer-limit            -                             special*                        -           normal 0 0 0 slave 268435456 67108864 60 pubsub 33554432 8388608 60
client-query-buffer-limit             -                             memory:1048576..int64           -           1073741824
cluster-allow-pubsubshard-when-down   -                             yes|no                          only        yes
cluster-allow-reads-when-down         -                             yes|no                          only        no
cluster-allow-replica-migration       -                             yes|no                          only        yes
cluster-announce-bus-port             -                             integer:0..65535                only        0
cluster-announce-hostname             -                             text                            only
cluster-announce-ip                   -                             text                            only
cluster-announce-port                 -                             integer:0..65535                only        0
cluster-announce-tls-port             -                             integer:0..65535                only        0
cluster-config-file                   -                             text                            fixed,only  nodes.conf
cluster-enabled                       -                             yes|no                          fixed,only  no
cluster-link-sendbuf-limit            -                             memory:0..uint64                only        0
cluster-migration-barrier             -                             integer:0..int32                only        1
cluster-node-timeout                  -                             integer:0..int64                only        15000
cluster-port                          -                             integer:0..65535                fixed,only  0
cluster-preferred-endpoint-type       -                             ip|hostname|unknown-endpoint    only        ip
cluster-replica-no-failover           cluster-slave-no-failover     yes|no                          only        no
cluster-replica-validity-factor       cluster-slave-validity-factor  integer:0..int32                only        10
cluster-require-full-coverage         -                             yes|no                          only        yes
crash-log-enabled                     -                             yes|no                          -           yes
crash-memcheck-enabled                -                             yes|no                          -           yes
daemonize                             -                             yes|no                          fixed,only  no
databases                             -                             integer:1..int32                fixed       16
dbfilename                            -                             text                            protected   dump.rdb
dir                                   -                             special                         fixed,protected  .
disable-thp                           -                             yes|no                          fixed       yes
dynamic-hz                            -                             yes|no                          -           yes
enable-debug-command                  -                             no|yes|local                    fixed       no
enable-module-command                 -                             no|yes|local                    fixed,only  no
enable-protected-configs              -                             no|yes|local                    fixed       no
hash-max-listpack-entries             hash-max-ziplist-entries      integer:0..int64                -           512
hash-max-listpack-value               hash-max-ziplist-value        memory:0..int64                 -           64
hll-sparse-max-bytes                  -                             memory:0..int64                 -           3000
hz                                    -                             integer:0..int32                -           10
ignore-warnings                       -                             text                            -
io-threads                            -                             integer:1..128                  fixed       1
io-threads-do-reads                   -                             yes|no                          fixed       no
jemalloc-bg-thread                    -                             yes|no                          -           yes
latency-monitor-threshold             -                             integer:0..int64                -           0
latency-tracking                      -                             yes|no                          -           yes
latency-tracking-info-percentiles     -                             special*                        -           50 99 99.9
lazyfree-lazy-eviction                -                             yes|no                          -           no
lazyfree-lazy-expire                  -                             yes|no                          -           no
lazyfree-lazy-server-del              -                             yes|no                          -           no
lazyfree-lazy-user-del                -                             yes|no                          -           no
lazyfree-lazy-user-flush              -                             yes|no                          -           no
lfu-decay-time                        -                             integer:0..int32                -           1
lfu-log-factor                        -                             integer:0..int32                -           10
list-compress-depth                   -                             integer:0..int32                -           0
list-max-listpack-size                list-max-ziplist-size         integer:-2147483648..int32      -           -2
logfile                               -                             text                            fixed,only
loglevel                              -                             debug|verbose|notice|warning    -           notice
masterauth                            -                             text                            only
masteruser                            -                             text                            only
maxclients                            -                             integer:1..uint32               -           10000
maxmemory                             -                             memory:0..uint64                -           0
maxmemory-clients                     -                             memory-or-percent:-100..int64   only        0
maxmemory-eviction-tenacity           -                             integer:0..100                  -           10
maxmemory-policy                      -                             volatile-lru|volatile-lfu|volatile-random|volatile-ttl|allkeys-lru|allkeys-lfu|allkeys-random|noeviction  -           noeviction
maxmemory-samples                     -                             integer:1..int32                -           5
min-replicas-max-lag                  min-slaves-max-lag            integer:0..int32                -           10
min-replicas-to-write                 min-slaves-to-write           integer:0..int32                -           0
no-appendfsync-on-rewrite             -                             yes|no                          -           no
notify-keyspace-events                -                             special                         -
oom-score-adj                         -                             no|yes|relative|absolute        only        no
oom-score-adj-values                  -                             special*                        only        0 200 800
pidfile                               -                             text                            fixed,only
port                                  -                             integer:0..65535                fixed       6379
proc-title-template                   -                             text                            -           {title} {listen-addr} {server-mode}
propagation-error-behavior            -                             ignore|panic|panic-on-replicas  only        ignore
protected-mode                        -                             yes|no                          -           yes
proto-max-bulk-len                    -                             memory:1048576..int64           -           536870912
rdb-del-sync-files                    -                             yes|no                          -           no
rdb-save-incremental-fsync            -                             yes|no                          -           yes
rdbchecksum                           -                             yes|no                          fixed       yes
rdbcompression                        -                             yes|no                          -           yes
repl-backlog-size                     -                             memory:1..int64                 -           1048576
repl-backlog-ttl                      -                             integer:0..int64                -           3600
repl-disable-tcp-nodelay              -                             yes|no                          -           no
repl-diskless-load                    -                             disabled|on-empty-db|swapdb     -           disabled
repl-diskless-sync                    -                             yes|no                          -           yes
repl-diskless-sync-delay              -                             integer:0..int32                -           5
repl-diskless-sync-max-replicas       -                             integer:0..int32                -           0
repl-ping-replica-period              repl-ping-slave-period        integer:1..int32                -           10
repl-timeout                          -                             integer:1..int32                -           60
replica-announce-ip                   slave-announce-ip             text                            only
replica-announce-port                 slave-announce-port           integer:0..65535                only        0
replica-announced                     -                             yes|no                          only        yes
replica-ignore-disk-write-errors      -                             yes|no                          -           no
replica-ignore-maxmemory              slave-ignore-maxmemory        yes|no                          -           yes
replica-lazy-flush                    slave-lazy-flush              yes|no                          -           no
replica-priority                      slave-priority                integer:0..int32                -           100
replica-read-only                     slave-read-only               yes|no                          -           yes
replica-serve-stale-data              slave-serve-stale-data        yes|no                          -           yes
replicaof                             slaveof                       special*                        fixed,only
requirepass                           -                             text                            -
sanitize-dump-payload                 -                             no|yes|clients                  -           no
save                                  -                             special*                        -           3600 1 300 100 60 10000
server_cpulist                        -                             text                            fixed,only
set-max-intset-entries                -                             integer:0..int64                -           512
set-proc-title                        -                             yes|no                          fixed       yes
shutdown-on-sigint                    -                             default|save|nosave|now|force*  -           default
shutdown-on-sigterm                   -                             default|save|nosave|now|force*  -           default
shutdown-timeout                      -                             integer:0..int32                -           10
slowlog-log-slower-than               -                             integer:-1..int64               -           10000
slowlog-max-len                       -                             integer:0..int64                -           128
socket-mark-id                        -                             integer:0..uint32               fixed,only  0
stop-writes-on-bgsave-error           -                             yes|no                          -           yes
stream-node-max-bytes                 -                             memory:0..int64                 -           4096
stream-node-max-entries               -                             integer:0..int64                -           100
supervised                            -                             upstart|systemd|auto|no         fixed,only  no
syslog-enabled                        -                             yes|no                          fixed,only  no
syslog-facility                       -                             user|local0|local1|local2|local3|local4|local5|local6|local7  fixed,only  local0
syslog-ident                          -                             text                            fixed,only  redis
tcp-backlog                           -                             integer:0..int32                fixed       511
tcp-keepalive                         -                             integer:0..int32                -           300
timeout                               -                             integer:0..int32                -           0
tls-auth-clients                      -                             no|yes|optional                 only        yes
tls-ca-cert-dir                       -                             text                            only
tls-ca-cert-file                      -                             text                            only
tls-cert-file                         -                             text                            only
tls-ciphers                           -                             text                            only
tls-ciphersuites                      -                             text                            only
tls-client-cert-file                  -                             text                            only
tls-client-key-file                   -                             text                            only
tls-client-key-file-pass              -                             text                            only
tls-cluster                           -                             yes|no                          only        no
tls-dh-params-file                    -                             text                            only
tls-key-file                          -                             text                            only
tls-key-file-pass                     -                             text                            only
tls-port                              -                             integer:0..65535                only        0
tls-prefer-server-ciphers             -                             yes|no                          only        no
tls-protocols                         -                             text                            only
tls-replication                       -                             yes|no                          only        no
tls-session-cache-size                -                             integer:0..int32                only        20480
tls-session-cache-timeout             -                             integer:0..int32                only        300
tls-session-caching                   -                             yes|no                          only        yes
tracking-table-max-keys               -                             integer:0..int64                -           1000000
unixsocket                            -                             text                            fixed,only
unixsocketperm                        -                             octal:0..511                    fixed,only  0
zset-max-listpack-entries             zset-max-ziplist-entries      integer:0..int64                -           128
zset-max-listpack-value               zset-max-ziplist-value        memory:0..int64                 -           64
`;
