The power fails with one caller talking and one waiting: both calls end by it, agents come back.
-- input --
1 LegOffered new fxo2 600111111
1.5 LegAnswered 1 hook 100
2 LegAnswered 3 hook 100
10 LegOffered new fxo1 600222222
10.5 LegAnswered 5 hook 100
12 DigitPressed 5 1
20 restart
21 LineChanged fxo1 ready
40 LegOffered new fxo2 600111111
40.5 LegAnswered 8 hook 100
41 LegRinging 10
-- transcript --
     1.0  LegOffered leg=1 port=fxo2 from=600111111
            CallBegan call=2 leg=1 port=fxo2 direction=in from=600111111
            CallRouted call=2 to=queue/citas why=fxo
            CallQueued call=2 queue=citas until=46.0s
            AgentChanged agent=marta state=presented station=101 call=2 queue=citas until=13.0s
            LegBegan leg=3 call=2 port=fxs1
            CallPresented call=2 queue=citas agent=marta station=101 leg=3 until=13.0s
          > Answer leg=1
          > Dial leg=3 port=fxs1 from=600111111 pattern=queue with=1
          > Wake at=13.0s
     1.5  LegAnswered leg=1 by=hook sure=100
          > Play leg=1 play=4 lang=es clips=[music/default] loop=true
     2.0  LegAnswered leg=3 by=hook sure=100
            CallLeft call=2 queue=citas why=connected waitms=1000
            CallConnected call=2 leg=3 port=fxs1 station=101 agent=marta waitms=1000
            RecordingBegan call=2 file=2026/11/20/000002.wav left=1 right=3
            AgentChanged agent=marta state=talking station=101 call=2 queue=citas
          > Stop leg=1
          > Connect a=1 b=3
          > Record call=2 file=2026/11/20/000002.wav left=1 right=3
    10.0  LegOffered leg=5 port=fxo1 from=600222222
            CallBegan call=6 leg=5 port=fxo1 direction=in from=600222222
            CallRouted call=6 to=menu/dia why=fxo
            MenuAsked call=6 menu=dia until=20.0s lang=es
          > Answer leg=5
    10.5  LegAnswered leg=5 by=hook sure=100
            MenuAsked call=6 menu=dia try=1 play=7 until=190.5s lang=es
          > Play leg=5 play=7 lang=es clips=[prompt/welcome prompt/press-a-digit]
    12.0  DigitPressed leg=5 digit=1
            MenuChose call=6 menu=dia key=1
            CallRouted call=6 to=queue/citas why="key 1"
            CallQueued call=6 queue=citas until=57.0s
          > Stop leg=5
          > Play leg=5 play=8 lang=es clips=[music/default] loop=true
    13.0  Woke
          > Wake at=57.0s
    20.0  BoxStarted version=story
            CallEnded call=2 cause=power-cut talkms=18000 waitms=1000 q850=41
            CallEnded call=6 cause=power-cut waitms=10000 q850=41
            AgentChanged agent=marta state=wrap-up station=101 call=2 queue=citas until=40.0s
            CallLeft call=6 queue=citas why=ended waitms=8000
          > StopRecord call=2
          > MessageWaiting port=fxs1
          > MessageWaiting port=fxs2
          > Wake at=40.0s
    21.0  LineChanged port=fxo1 state=ready
    40.0  Woke
            AgentChanged agent=marta state=ready station=101
    40.0  LegOffered leg=8 port=fxo2 from=600111111
            CallBegan call=9 leg=8 port=fxo2 direction=in from=600111111
            CallRouted call=9 to=queue/citas why=fxo
            CallQueued call=9 queue=citas until=85.0s
            AgentChanged agent=marta state=presented station=101 call=9 queue=citas until=52.0s
            LegBegan leg=10 call=9 port=fxs1
            CallPresented call=9 queue=citas agent=marta station=101 leg=10 until=52.0s
          > Answer leg=8
          > Dial leg=10 port=fxs1 from=600111111 pattern=queue with=8
          > Wake at=52.0s
    40.5  LegAnswered leg=8 by=hook sure=100
          > Play leg=8 play=11 lang=es clips=[music/default] loop=true
    41.0  LegRinging leg=10
