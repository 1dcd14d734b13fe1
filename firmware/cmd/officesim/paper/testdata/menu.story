Nobody presses a key: the question comes twice, then the queue. At night the box says so and hangs up.
-- input --
1 LegOffered new fxo1 600111111
1.5 LegAnswered 1 hook 100
8 PlayEnded 1 3
20 PlayEnded 1 4
27 LegEnded 1 loop-break
14400 LegOffered new fxo1 600111111
14400.5 LegAnswered 7 hook 100
14410 PlayEnded 7 9
14410.3 LegEnded 7 normal
-- transcript --
     1.0  LegOffered leg=1 port=fxo1 from=600111111
            CallBegan call=2 leg=1 port=fxo1 direction=in from=600111111
            CallRouted call=2 to=menu/dia why=fxo
            MenuAsked call=2 menu=dia until=11.0s lang=es
          > Answer leg=1
          > Wake at=11.0s
     1.5  LegAnswered leg=1 by=hook sure=100
            MenuAsked call=2 menu=dia try=1 play=3 until=181.5s lang=es
          > Play leg=1 play=3 lang=es clips=[prompt/welcome prompt/press-a-digit]
     8.0  PlayEnded leg=1 play=3
            MenuAsked call=2 menu=dia try=1 until=14.0s
    11.0  Woke
          > Wake at=14.0s
    14.0  Woke
            MenuAsked call=2 menu=dia try=2 play=4 until=194.0s lang=es
          > Play leg=1 play=4 lang=es clips=[prompt/welcome prompt/press-a-digit]
          > Wake at=194.0s
    20.0  PlayEnded leg=1 play=4
            MenuAsked call=2 menu=dia try=2 until=26.0s
          > Wake at=26.0s
    26.0  Woke
            MenuChose call=2 menu=dia
            CallRouted call=2 to=queue/citas why=no-key
            CallQueued call=2 queue=citas until=71.0s
            AgentChanged agent=marta state=presented station=101 call=2 queue=citas until=38.0s
            LegBegan leg=6 call=2 port=fxs1
            CallPresented call=2 queue=citas agent=marta station=101 leg=6 until=38.0s
          > Stop leg=1
          > Play leg=1 play=5 lang=es clips=[music/default] loop=true
          > Dial leg=6 port=fxs1 from=600111111 pattern=queue with=1
          > Wake at=38.0s
    27.0  LegEnded leg=1 cause=loop-break
            CallEnded call=2 cause=loop-break by=1 waitms=26000 q850=16
            CallLeft call=2 queue=citas why=abandoned waitms=1000
            AgentChanged agent=marta state=ready station=101
          > Hangup leg=6 cause=loop-break
 14400.0  LegOffered leg=7 port=fxo1 from=600111111
            CallBegan call=8 leg=7 port=fxo1 direction=in from=600111111
            CallRouted call=8 to=menu/dia why=fxo
            MenuAsked call=8 menu=dia until=14410.0s lang=es
          > Answer leg=7
          > Wake at=14410.0s
 14400.5  LegAnswered leg=7 by=hook sure=100
            MenuLeft call=8 menu=dia why=closed play=9 until=14415.5s
          > Play leg=7 play=9 lang=es clips=[prompt/closed prompt/goodbye]
 14410.0  Woke
          > Wake at=14415.5s
 14410.0  PlayEnded leg=7 play=9
            CallEnded call=8 cause=normal waitms=10000 q850=16
          > Hangup leg=7 cause=normal
 14410.3  LegEnded leg=7 cause=normal
