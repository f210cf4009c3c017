/** Streams. */
export const streamTemplates = `
xadd <stream> <newid> { <field> <value> }
xadd <stream> <newid> { <field> <value> }
xadd <stream> 50-* f1 <value>
xadd <stream> [ nomkstream ] [ maxlen [ ( = | ~ ) ] <natural> ] <newid> <field> <value>
xadd <stream> minid [ ( = | ~ ) ] <id> [ limit <natural> ] <newid> <field> <value>
xlen <stream>
xrange <stream> <idbound> <idbound> [ count <natural> ]
xrange <stream> - +
xrevrange <stream> <idbound> <idbound> [ count <natural> ]
xrevrange <stream> + -
xdel <stream> { <id> }
xtrim <stream> maxlen [ ( = | ~ ) ] <natural> [ limit <natural> ]
xtrim <stream> minid [ ( = | ~ ) ] <id>
xsetid <stream> <id> [ entriesadded <natural> maxdeletedid <id> ]
xread [ count <natural> ] streams <stream> <id>
xread [ count <natural> ] streams <stream> <stream> <id> ( $ | <id> )
xgroup create <stream> <group> ( $ | 0 | <id> ) [ mkstream ] [ entriesread <natural> ]
xgroup create <stream> <group> 0 mkstream
xgroup setid <stream> <group> ( $ | 0 | <id> ) [ entriesread <natural> ]
xgroup destroy <stream> <group>
xgroup createconsumer <stream> <group> <consumer>
xgroup delconsumer <stream> <group> <consumer>
xreadgroup group <group> <consumer> [ count <natural> ] [ noack ] streams <stream> >
xreadgroup group <group> <consumer> count <count> streams <stream> >
xreadgroup group <group> <consumer> streams <stream> ( 0 | <id> )
xack <stream> <group> { <id> }
xpending <stream> <group>
xpending <stream> <group> [ idle 0 ] <idbound> <idbound> <natural> [ <consumer> ]
xclaim <stream> <group> <consumer> 0 { <id> } [ retrycount <natural> ] [ force ] [ justid ] [ lastid <id> ]
xautoclaim <stream> <group> <consumer> 0 <id> [ count <count> ] [ justid ]
xinfo stream <stream>
xinfo stream <stream> full [ count <natural> ]
xinfo groups <stream>
xinfo consumers <stream> <group>
`;
