Nobody presses a key: the question comes twice, then the queue. At night the box says so and hangs up.
-- input --
1 LegOffered new fxo1 600111111
1.5 LegAnswered 1 hook 100
8 PlayEnded 1 3
20 PlayEnded 1 4
25 LegEnded 1 loop-break
14400 LegOffered new fxo1 600111111
14400.5 LegAnswered 8 hook 100
14410 PlayEnded 8 10
14410.3 LegEnded 8 normal
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
    25.0  LegEnded leg=1 cause=loop-break
            CallEnded call=2 cause=loop-break by=1 waitms=24000
 14400.0  LegOffered leg=5 port=fxo1 from=600111111
            CallBegan call=6 leg=5 port=fxo1 direction=in from=600111111
            CallRouted call=6 to=menu/dia why=fxo
            MenuAsked call=6 menu=dia until=14410.0s lang=es
          > Answer leg=5
          > Wake at=14410.0s
 14400.5  LegAnswered leg=8 by=hook sure=100
 14410.0  Woke
            CallEnded call=6 cause=timeout waitms=10000
          > Hangup leg=5 cause=timeout
 14410.0  PlayEnded leg=8 play=10
 14410.3  LegEnded leg=8 cause=normal
