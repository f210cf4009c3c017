/** Commands on keys of any type, and on databases. */
export const keyTemplates = `
del { <any> }
unlink { <any> }
exists { <any> }
touch { <any> }
type <any>
object encoding <any>
object encoding <any>
object refcount <string>
object idletime <any>
object freq <any>
rename <any> <any>
renamenx <any> <any>
copy <any> <any> [ db <database> ] [ replace ]
move <any> <database>
expire <any> <seconds> [ ( nx | xx | gt | lt ) ]
pexpire <any> <milliseconds> [ ( nx | xx | gt | lt ) ]
expireat <any> <at> [ ( nx | xx | gt | lt ) ]
pexpireat <any> <atms> [ ( nx | xx | gt | lt ) ]
ttl <any>
pttl <any>
expiretime <any>
pexpiretime <any>
persist <any>
keys <pattern>
randomkey
dbsize
scan 0 [ match <pattern> ] count 1000 [ type ( string | hash | stream | nothing ) ]
select <database>
swapdb <database> <database>
flushdb [ ( sync | async ) ]
sort <any> [ alpha ]
wait 0 <natural>
dump nokey
restore <any> 0 <value> [ replace ]
`;
