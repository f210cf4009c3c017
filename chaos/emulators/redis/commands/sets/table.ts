/** Declarations of the commands of this family; the columns are those of declaration.ts. */
export const setsTable = `
sadd         -3  write,denyoom,fast  set  1:RW,insert                     -                              1.0.0
scard        2   readonly,fast       set  1:RO                            -                              1.0.0
sdiff        -2  readonly            set  1..-1:RO,access                 nondeterministic_output_order  1.0.0
sdiffstore   -3  write,denyoom       set  1:OW,update;2..-1:RO,access     -                              1.0.0
sinter       -2  readonly            set  1..-1:RO,access                 nondeterministic_output_order  1.0.0
sintercard   -3  readonly            set  #1:RO,access                    -                              7.0.0
sinterstore  -3  write,denyoom       set  1:RW,update;2..-1:RO,access     -                              1.0.0
sismember    3   readonly,fast       set  1:RO                            -                              1.0.0
smembers     2   readonly            set  1:RO,access                     nondeterministic_output_order  1.0.0
smismember   -3  readonly,fast       set  1:RO,access                     -                              6.2.0
smove        4   write,fast          set  1:RW,access,delete;2:RW,insert  -                              1.0.0
spop         -2  write,fast          set  1:RW,access,delete              nondeterministic_output        1.0.0
srandmember  -2  readonly            set  1:RO,access                     nondeterministic_output        1.0.0
srem         -3  write,fast          set  1:RW,delete                     -                              1.0.0
sscan        -3  readonly            set  1:RO,access                     nondeterministic_output        2.8.0
sunion       -2  readonly            set  1..-1:RO,access                 nondeterministic_output_order  1.0.0
sunionstore  -3  write,denyoom       set  1:OW,update;2..-1:RO,access     -                              1.0.0
`;
