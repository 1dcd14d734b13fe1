Inside: unknown number, echo, a busy handset, no answer, a handset left off the hook.
-- input --
1 LegOffered new fxs1
2 DigitPressed 1 9
10 LegEnded 1 normal
11 LegOffered new fxs1
12 DigitPressed 5 6
12.1 DigitPressed 5 0
12.2 DigitPressed 5 0
20 LegEnded 5 normal
21 LegOffered new fxs1
22 DigitPressed 8 1
22.1 DigitPressed 8 0
22.2 DigitPressed 8 2
22.3 LegRinging 11
30 LegOffered new fxs2
53 LegEnded 11 no-answer
55 LegEnded 8 normal
56 LegOffered new fxs1
72 LegEnded 18 normal
-- transcript --
     1.0  LegOffered leg=1 port=fxs1
            CallBegan call=2 leg=1 port=fxs1 direction=inside from=101 name=Recepción
            CallRouted call=2 to=dial/ why=lifted
            DialWaited call=2 until=16.0s
          > Play leg=1 play=3 lang=es clips=[tone/dial] loop=true
          > Wake at=16.0s
     2.0  DigitPressed leg=1 digit=9
            CallEnded call=2 cause=unknown-number waitms=1000 q850=1
          > Stop leg=1
          > Play leg=1 play=4 clips=[tone/sit] loop=true
    10.0  LegEnded leg=1 cause=normal
    11.0  LegOffered leg=5 port=fxs1
            CallBegan call=6 leg=5 port=fxs1 direction=inside from=101 name=Recepción
            CallRouted call=6 to=dial/ why=lifted
            DialWaited call=6 until=26.0s
          > Play leg=5 play=7 lang=es clips=[tone/dial] loop=true
    12.0  DigitPressed leg=5 digit=6
            DialWaited call=6 digits=6 until=16.0s
          > Stop leg=5
    12.1  DigitPressed leg=5 digit=0
            DialWaited call=6 digits=60 until=16.1s
    12.2  DigitPressed leg=5 digit=0
            CallRouted call=6 to=service/echo why=dialled dialled=600
            CallConnected call=6 leg=5 port=fxs1 station=101 waitms=1200
          > Stop leg=5
          > Echo leg=5
    20.0  LegEnded leg=5 cause=normal
            CallEnded call=6 cause=normal by=5 talkms=7800 waitms=1200 q850=16
    21.0  LegOffered leg=8 port=fxs1
            CallBegan call=9 leg=8 port=fxs1 direction=inside from=101 name=Recepción
            CallRouted call=9 to=dial/ why=lifted
            DialWaited call=9 until=36.0s
          > Play leg=8 play=10 lang=es clips=[tone/dial] loop=true
          > Wake at=36.0s
    22.0  DigitPressed leg=8 digit=1
            DialWaited call=9 digits=1 until=26.0s
          > Stop leg=8
          > Wake at=26.0s
    22.1  DigitPressed leg=8 digit=0
            DialWaited call=9 digits=10 until=26.1s
    22.2  DigitPressed leg=8 digit=2
            CallRouted call=9 to=station/102 why=dialled dialled=102
            LegBegan leg=11 call=9 port=fxs2 until=52.2s
          > Dial leg=11 port=fxs2 from=101 name=Recepción as=101 pattern=internal with=8
    22.3  LegRinging leg=11
          > Play leg=8 play=12 lang=es clips=[tone/ringback] loop=true
    26.0  Woke
          > Wake at=52.2s
    30.0  LegOffered leg=13 port=fxs2
            CallBegan call=14 leg=13 port=fxs2 direction=inside from=102 name=Gabinete
            CallRouted call=14 to=dial/ why=lifted
            DialWaited call=14 until=45.0s
          > Play leg=13 play=15 lang=es clips=[tone/dial] loop=true
          > Wake at=45.0s
    45.0  Woke
            CallEnded call=14 cause=timeout waitms=15000 q850=102
          > Play leg=13 play=16 clips=[tone/congestion] loop=true
          > Wake at=52.2s
    52.2  Woke
            LegDropped leg=11 cause=no-answer
            CallEnded call=9 cause=no-answer waitms=31200 q850=19
          > Hangup leg=11 cause=no-answer
          > Play leg=8 play=17 clips=[tone/busy] loop=true
          > Wake at=105.0s
    53.0  LegEnded leg=11 cause=no-answer
    55.0  LegEnded leg=8 cause=normal
    56.0  LegOffered leg=18 port=fxs1
            CallBegan call=19 leg=18 port=fxs1 direction=inside from=101 name=Recepción
            CallRouted call=19 to=dial/ why=lifted
            DialWaited call=19 until=71.0s
          > Play leg=18 play=20 lang=es clips=[tone/dial] loop=true
          > Wake at=71.0s
    71.0  Woke
            CallEnded call=19 cause=timeout waitms=15000 q850=102
          > Play leg=18 play=21 clips=[tone/congestion] loop=true
          > Wake at=105.0s
    72.0  LegEnded leg=18 cause=normal
