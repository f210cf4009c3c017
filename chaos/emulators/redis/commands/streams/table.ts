/** Declarations of the commands of this family; the columns are those of declaration.ts. */
export const streamsTable = `
xack                   -4  write,fast          stream  1:RW,update                -                        5.0.0
xadd                   -5  write,denyoom,fast  stream  1:RW,update                nondeterministic_output  5.0.0
xautoclaim             -6  write,fast          stream  1:RW,delete                nondeterministic_output  6.2.0
xclaim                 -6  write,fast          stream  1:RW,update                nondeterministic_output  5.0.0
xdel                   -3  write,fast          stream  1:RW,delete                -                        5.0.0
xgroup                 -2  -                   -       -                          -                        5.0.0
xgroup|create          -5  write,denyoom       stream  2:RW,insert                -                        5.0.0
xgroup|createconsumer  5   write,denyoom       stream  2:RW,insert                -                        6.2.0
xgroup|delconsumer     5   write               stream  2:RW,delete                -                        5.0.0
xgroup|destroy         4   write               stream  2:RW,delete                -                        5.0.0
xgroup|help            2   loading,stale       stream  -                          -                        5.0.0
xgroup|setid           -5  write               stream  2:RW,update                -                        5.0.0
xinfo                  -2  -                   -       -                          -                        5.0.0
xinfo|consumers        4   readonly            stream  2:RO,access                nondeterministic_output  5.0.0
xinfo|groups           3   readonly            stream  2:RO,access                -                        5.0.0
xinfo|help             2   loading,stale       stream  -                          -                        5.0.0
xinfo|stream           -3  readonly            stream  2:RO,access                -                        5.0.0
xlen                   2   readonly,fast       stream  1:RO                       -                        5.0.0
xpending               -3  readonly            stream  1:RO,access                nondeterministic_output  5.0.0
xrange                 -4  readonly            stream  1:RO,access                -                        5.0.0
xread                  -4  readonly,blocking   stream  STREAMS@1..-1%2:RO,access  -                        5.0.0
xreadgroup             -7  write,blocking      stream  STREAMS@4..-1%2:RO,access  -                        5.0.0
xrevrange              -4  readonly            stream  1:RO,access                -                        5.0.0
xsetid                 -3  write,denyoom,fast  stream  1:RW,update                -                        5.0.0
xtrim                  -4  write               stream  1:RW,delete                nondeterministic_output  5.0.0
`;
