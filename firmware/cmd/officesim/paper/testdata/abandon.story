A caller gives up in the queue while nobody is there, after the place was told twice.
-- input --
1 ! acd agent.sign-out marta
5 LegOffered new fxo2 911222333
5.6 LegAnswered 1 hook 100
51 PlayEnded 1 4
100 LegEnded 1 busy-tone
-- transcript --
     1.0  ! acd agent.sign-out marta
            AgentChanged agent=marta state=signed-out
     5.0  LegOffered leg=1 port=fxo2 from=911222333
            CallBegan call=2 leg=1 port=fxo2 direction=in from=911222333
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
    51.0  PlayEnded leg=1 play=4
          > Play leg=1 play=5 lang=es clips=[music/default] loop=true
    95.0  Woke
            PositionTold call=2 position=1 until=140.0s play=6
          > Play leg=1 play=6 lang=es clips=[prompt/you-are-next]
          > Wake at=125.0s
   100.0  LegEnded leg=1 cause=busy-tone
            CallEnded call=2 cause=busy-tone by=1 waitms=95000 q850=16
            CallLeft call=2 queue=citas why=abandoned waitms=95000
