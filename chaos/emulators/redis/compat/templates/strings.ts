/** Strings, bits and HyperLogLogs. */
export const stringTemplates = `
set <string> <value>
set <string> <value>
set <string> <value> [ ( ex <seconds> | px <milliseconds> | exat <at> | pxat <atms> | keepttl ) ] [ ( nx | xx ) ] [ get ]
setnx <string> <value>
setex <string> <seconds> <value>
psetex <string> <milliseconds> <value>
get <string>
get <string>
getdel <string>
getex <string> [ ( ex <seconds> | px <milliseconds> | exat <at> | pxat <atms> | persist ) ]
getset <string> <value>
mget { <string> }
mset { <string> <value> }
msetnx { <string> <value> }
incr <string>
decr <string>
incrby <string> <int>
decrby <string> <int>
incrbyfloat <string> <float>
append <string> <value>
strlen <string>
getrange <string> <index> <index>
substr <string> <index> <index>
setrange <string> <position> <value>
set <string> <int>
set <string> <text>
lcs <string> <string> [ len ] [ idx ] [ minmatchlen <natural> ] [ withmatchlen ]
setbit <bits> <position> <bit>
getbit <bits> <position>
bitcount <bits> [ <index> <index> [ ( bit | byte ) ] ]
bitpos <bits> <bit> [ <index> [ <index> [ ( bit | byte ) ] ] ]
bitop ( and | or | xor ) <bits> { <bits> }
bitop not <bits> <bits>
bitfield <bits> { ( get <fieldtype> <fieldoffset> | set <fieldtype> <fieldoffset> <int> | incrby <fieldtype> <fieldoffset> <int> | overflow ( wrap | sat | fail ) ) }
bitfield_ro <bits> { get <fieldtype> <fieldoffset> }
pfadd <hll> { <element> } { <element> }
pfadd <hll>
pfcount { <hll> }
pfmerge <hll> { <hll> }
pfdebug ( encoding | decode | todense ) <hll>
getrange <hll> 0 -1
`;
