A SIP phone dials out by the provider while both lines are busy; the number is busy.
-- input --
0 PhoneChanged 201 true sip:ana@10.0.0.5
0 TrunkChanged proveedor true
1 LegOffered new fxo1 600111111
1.1 LegOffered new fxo2 600222222
2 LegOffered new sip/201 - - 0914445566
2.2 LegRinging 8
8 LegEnded 8 busy
8.1 LegEnded 6 busy
-- transcript --
     0.0  PhoneChanged station=201 registered=true contact=sip:ana@10.0.0.5
     0.0  TrunkChanged trunk=proveedor up=true
     1.0  LegOffered leg=1 port=fxo1 from=600111111
            CallBegan call=2 leg=1 port=fxo1 direction=in from=600111111
            CallRouted call=2 to=menu/dia why=fxo
            MenuAsked call=2 menu=dia until=11.0s lang=es
          > Answer leg=1
          > Wake at=11.0s
     1.1  LegOffered leg=3 port=fxo2 from=600222222
            CallBegan call=4 leg=3 port=fxo2 direction=in from=600222222
            CallRouted call=4 to=queue/citas why=fxo
            CallQueued call=4 queue=citas until=46.1s
            AgentChanged agent=marta state=presented station=101 call=4 queue=citas until=13.1s
            LegBegan leg=5 call=4 port=fxs1
            CallPresented call=4 queue=citas agent=marta station=101 leg=5 until=13.1s
          > Answer leg=3
          > Dial leg=5 port=fxs1 from=600222222 pattern=queue with=3
     2.0  LegOffered leg=6 port=sip/201 to=0914445566
            CallBegan call=7 leg=6 port=sip/201 direction=inside from=201 name=Ana to=0914445566
            CallRouted call=7 to=outside/914445566 why=dialled dialled=0914445566 through=[fxo1 fxo2 trunk/proveedor]
            LegBegan leg=8 call=7 port=trunk/proveedor to=914445566 until=182.0s
          > Dial leg=8 port=trunk/proveedor to=914445566 from=201 name=Ana as=201 pattern=internal with=6
     2.2  LegRinging leg=8
          > Progress leg=6
     8.0  LegEnded leg=8 cause=busy
            CallEnded call=7 cause=busy waitms=6000 sip=486 q850=17
          > Hangup leg=6 cause=busy
     8.1  LegEnded leg=6 cause=busy
