Nobody answers within two minutes: the call goes to the overflow, which rings.
-- input --
1 ! acd agent.sign-out marta
5 LegOffered new fxo2
5.6 LegAnswered 1 hook 100
126 LegRinging 6
130 LegAnswered 6 hook 100
140 LegEnded 6 normal
140.5 LegEnded 1 normal
-- transcript --
     1.0  ! acd agent.sign-out marta
            AgentChanged agent=marta state=signed-out
     5.0  LegOffered leg=1 port=fxo2
            CallBegan call=2 leg=1 port=fxo2 direction=in
            CallRouted call=2 to=queue/citas why=fxo
            CallQueued call=2 queue=citas until=50.0s
          > Answer leg=1
          > Wake at=50.0s
     5.6  LegAnswered leg=1 by=hook sure=100
          > Play leg=1 play=3 lang=es clips=[music/default] loop=true
    50.0  Woke
            PositionTold call=2 position=1 until=95.0s play=4
          > Play leg=1 play=4 lang=es clips=[prompt/you-are-next]
          > Wake at=95.0s
    95.0  Woke
            PositionTold call=2 position=1 until=140.0s play=5
          > Play leg=1 play=5 lang=es clips=[prompt/you-are-next]
          > Wake at=125.0s
   125.0  Woke
            CallLeft call=2 queue=citas why=overflow waitms=120000
            CallRouted call=2 to=station/102 why=overflow
            LegBegan leg=6 call=2 port=fxs2 until=155.0s
          > Dial leg=6 port=fxs2 pattern=external with=1
          > Wake at=155.0s
   126.0  LegRinging leg=6
          > Play leg=1 play=7 lang=es clips=[tone/ringback] loop=true
   130.0  LegAnswered leg=6 by=hook sure=100
            CallConnected call=2 leg=6 port=fxs2 station=102 waitms=125000
          > Stop leg=1
          > Connect a=1 b=6
   140.0  LegEnded leg=6 cause=normal
            CallEnded call=2 cause=normal by=6 talkms=10000 waitms=125000 q850=16
          > Hangup leg=1 cause=normal
   140.5  LegEnded leg=1 cause=normal
