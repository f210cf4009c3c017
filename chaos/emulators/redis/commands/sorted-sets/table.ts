/** Declarations of the commands of this family; the columns are those of declaration.ts. */
export const sortedSetsTable = `
bzmpop            -5  write,blocking                sortedset  #2:RW,access,delete       -                        7.0.0
bzpopmax          -3  write,noscript,blocking,fast  sortedset  1..-2:RW,access,delete    -                        5.0.0
bzpopmin          -3  write,noscript,blocking,fast  sortedset  1..-2:RW,access,delete    -                        5.0.0
zadd              -4  write,denyoom,fast            sortedset  1:RW,update               -                        1.2.0
zcard             2   readonly,fast                 sortedset  1:RO                      -                        1.2.0
zcount            4   readonly,fast                 sortedset  1:RO,access               -                        2.0.0
zdiff             -3  readonly                      sortedset  #1:RO,access              -                        6.2.0
zdiffstore        -4  write,denyoom                 sortedset  1:OW,update;#2:RO,access  -                        6.2.0
zincrby           4   write,denyoom,fast            sortedset  1:RW,access,update        -                        1.2.0
zinter            -3  readonly                      sortedset  #1:RO,access              -                        6.2.0
zintercard        -3  readonly                      sortedset  #1:RO,access              -                        7.0.0
zinterstore       -4  write,denyoom                 sortedset  1:OW,update;#2:RO,access  -                        2.0.0
zlexcount         4   readonly,fast                 sortedset  1:RO,access               -                        2.8.9
zmpop             -4  write                         sortedset  #1:RW,access,delete       -                        7.0.0
zmscore           -3  readonly,fast                 sortedset  1:RO,access               -                        6.2.0
zpopmax           -2  write,fast                    sortedset  1:RW,access,delete        -                        5.0.0
zpopmin           -2  write,fast                    sortedset  1:RW,access,delete        -                        5.0.0
zrandmember       -2  readonly                      sortedset  1:RO,access               nondeterministic_output  6.2.0
zrange            -4  readonly                      sortedset  1:RO,access               -                        1.2.0
zrangebylex       -4  readonly                      sortedset  1:RO,access               -                        2.8.9
zrangebyscore     -4  readonly                      sortedset  1:RO,access               -                        1.0.5
zrangestore       -5  write,denyoom                 sortedset  1:OW,update;2:RO,access   -                        6.2.0
zrank             3   readonly,fast                 sortedset  1:RO,access               -                        2.0.0
zrem              -3  write,fast                    sortedset  1:RW,delete               -                        1.2.0
zremrangebylex    4   write                         sortedset  1:RW,delete               -                        2.8.9
zremrangebyrank   4   write                         sortedset  1:RW,delete               -                        2.0.0
zremrangebyscore  4   write                         sortedset  1:RW,delete               -                        1.2.0
zrevrange         -4  readonly                      sortedset  1:RO,access               -                        1.2.0
zrevrangebylex    -4  readonly                      sortedset  1:RO,access               -                        2.8.9
zrevrangebyscore  -4  readonly                      sortedset  1:RO,access               -                        2.2.0
zrevrank          3   readonly,fast                 sortedset  1:RO,access               -                        2.0.0
zscan             -3  readonly                      sortedset  1:RO,access               nondeterministic_output  2.8.0
zscore            3   readonly,fast                 sortedset  1:RO,access               -                        1.2.0
zunion            -3  readonly                      sortedset  #1:RO,access              -                        6.2.0
zunionstore       -4  write,denyoom                 sortedset  1:OW,update;#2:RO,access  -                        2.0.0
`;
