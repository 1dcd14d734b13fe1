A caller by the menu to the queue; one agent misses, the other answers; wrap-up.
-- input --
0 PhoneChanged 201 true sip:ana@10.0.0.5 softphone
0.5 ! acd agent.ready ana
1 LineChanged fxo1 ready
10 LegOffered new fxo1 600123123
10.6 LegAnswered 1 hook 100
14 DigitPressed 1 7
17 DigitPressed 1 1
17.1 LegRinging 6
29.1 LegEnded 6 cancelled
33 LegAnswered 7 sip 100
95 LegEnded 1 loop-break
95.1 LegEnded 7 normal
95.2 RecordingEnded 2 2026/11/20/000002.wav 62000
130 ! acd agent.away ana lunch
-- transcript --
     0.0  PhoneChanged station=201 registered=true contact=sip:ana@10.0.0.5 device=softphone
     0.5  ! acd agent.ready ana
            AgentChanged agent=ana state=ready station=201
     1.0  LineChanged port=fxo1 state=ready
    10.0  LegOffered leg=1 port=fxo1 from=600123123
            CallBegan call=2 leg=1 port=fxo1 direction=in from=600123123
            CallRouted call=2 to=menu/dia why=fxo
            MenuAsked call=2 menu=dia until=20.0s lang=es
          > Answer leg=1
          > Wake at=20.0s
    10.6  LegAnswered leg=1 by=hook sure=100
            MenuAsked call=2 menu=dia try=1 play=3 until=190.6s lang=es
          > Play leg=1 play=3 lang=es clips=[prompt/welcome prompt/press-a-digit]
    14.0  DigitPressed leg=1 digit=7
            MenuAsked call=2 menu=dia try=2 play=4 until=194.0s lang=es
          > Play leg=1 play=4 lang=es clips=[prompt/not-a-choice prompt/welcome prompt/press-a-digit]
    17.0  DigitPressed leg=1 digit=1
            MenuChose call=2 menu=dia key=1
            CallRouted call=2 to=queue/citas why="key 1"
            CallQueued call=2 queue=citas until=62.0s
            AgentChanged agent=marta state=presented station=101 call=2 queue=citas until=29.0s
            LegBegan leg=6 call=2 port=fxs1
            CallPresented call=2 queue=citas agent=marta station=101 leg=6 until=29.0s
          > Stop leg=1
          > Play leg=1 play=5 lang=es clips=[music/default] loop=true
          > Dial leg=6 port=fxs1 from=600123123 pattern=queue with=1
    17.1  LegRinging leg=6
    20.0  Woke
          > Wake at=29.0s
    29.0  Woke
            CallReturned call=2 agent=marta why=no-answer
            AgentChanged agent=marta state=missed station=101 until=39.0s
            LegDropped leg=6 cause=no-answer
            AgentChanged agent=ana state=presented station=201 call=2 queue=citas until=41.0s
            LegBegan leg=7 call=2 port=sip/201
            CallPresented call=2 queue=citas agent=ana station=201 leg=7 until=41.0s
          > Hangup leg=6 cause=no-answer
          > Dial leg=7 port=sip/201 from=600123123 pattern=queue with=1
          > Wake at=39.0s
    29.1  LegEnded leg=6 cause=cancelled
    33.0  LegAnswered leg=7 by=sip sure=100
            CallLeft call=2 queue=citas why=connected waitms=16000
            CallConnected call=2 leg=7 port=sip/201 station=201 agent=ana waitms=23000
            RecordingBegan call=2 file=2026/11/20/000002.wav left=1 right=7
            AgentChanged agent=ana state=talking station=201 call=2 queue=citas
          > Stop leg=1
          > Connect a=1 b=7
          > Record call=2 file=2026/11/20/000002.wav left=1 right=7
    39.0  Woke
            AgentChanged agent=marta state=ready station=101
    95.0  LegEnded leg=1 cause=loop-break
            CallEnded call=2 cause=loop-break by=1 talkms=62000 waitms=23000 q850=16
            AgentChanged agent=ana state=wrap-up station=201 call=2 queue=citas until=115.0s
          > StopRecord call=2
          > Hangup leg=7 cause=loop-break
          > Wake at=115.0s
    95.1  LegEnded leg=7 cause=normal
    95.2  RecordingEnded call=2 file=2026/11/20/000002.wav ms=62000
   115.0  Woke
            AgentChanged agent=ana state=ready station=201
   130.0  ! acd agent.away ana lunch
            AgentChanged agent=ana state=away reason=lunch station=201
