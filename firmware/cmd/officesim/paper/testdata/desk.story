A customer is held, a colleague is called and takes over while the telephone still rings; the colleague
holds the customer, puts the handset down, and is rung for it: one call, with its talk and its hold.
-- input --
0 PhoneChanged 201 true sip:ana@10.0.0.5
1 LegOffered new fxo1 600111111
1.5 LegAnswered 1 hook 100
4 DigitPressed 1 0
6 LegAnswered 4 hook 100
10 DigitPressed 4 !
12 DigitPressed 4 1
12.3 DigitPressed 4 0
12.6 DigitPressed 4 2
13 LegRinging 8
15 LegEnded 4 normal
20 LegAnswered 8 hook 100
40 DigitPressed 8 !
42 LegEnded 8 normal
43.5 LegRinging 15
46 LegAnswered 15 hook 100
60 LegEnded 1 busy-tone
62 LegEnded 15 normal
-- transcript --
     0.0  PhoneChanged station=201 registered=true contact=sip:ana@10.0.0.5
     1.0  LegOffered leg=1 port=fxo1 from=600111111
            CallBegan call=2 leg=1 port=fxo1 direction=in from=600111111
            CallRouted call=2 to=menu/dia why=fxo
            MenuAsked call=2 menu=dia until=11.0s lang=es
          > Answer leg=1
          > Wake at=11.0s
     1.5  LegAnswered leg=1 by=hook sure=100
            MenuAsked call=2 menu=dia try=1 play=3 until=181.5s lang=es
          > Play leg=1 play=3 lang=es clips=[prompt/welcome prompt/press-a-digit]
     4.0  DigitPressed leg=1 digit=0
            MenuChose call=2 menu=dia key=0
            CallRouted call=2 to=station/101 why="key 0"
            LegBegan leg=4 call=2 port=fxs1 until=34.0s
          > Stop leg=1
          > Dial leg=4 port=fxs1 from=600111111 pattern=external with=1
     6.0  LegAnswered leg=4 by=hook sure=100
            CallConnected call=2 leg=4 port=fxs1 station=101 waitms=5000
          > Stop leg=1
          > Connect a=1 b=4
    10.0  DigitPressed leg=4 digit=!
            CallHeld call=2 by=4
            CallBegan call=6 leg=4 port=fxs1 direction=inside from=101 name=Recepción
            CallRouted call=6 to=dial/ why=second
            DialWaited call=6 until=25.0s
          > Disconnect a=1 b=4
          > Play leg=1 play=5 clips=[music/default] loop=true
          > Play leg=4 play=7 lang=es clips=[tone/stutter] loop=true
    11.0  Woke
          > Wake at=25.0s
    12.0  DigitPressed leg=4 digit=1
            DialWaited call=6 digits=1 until=16.0s
          > Stop leg=4
          > Wake at=16.0s
    12.3  DigitPressed leg=4 digit=0
            DialWaited call=6 digits=10 until=16.3s
    12.6  DigitPressed leg=4 digit=2
            CallRouted call=6 to=station/102 why=dialled dialled=102
            LegBegan leg=8 call=6 port=fxs2 until=42.6s
          > Dial leg=8 port=fxs2 from=101 name=Recepción as=101 pattern=internal with=4
    13.0  LegRinging leg=8
          > Play leg=4 play=9 lang=es clips=[tone/ringback] loop=true
    15.0  LegEnded leg=4 cause=normal
            CallTransferred call=2 via=6 by=4 station=101 how=ringing to=station/102 leg=8 port=fxs2
            CallEnded call=6 cause=normal by=4 waitms=5000 q850=16
          > Play leg=1 play=10 lang=es clips=[tone/ringback] loop=true
    16.0  Woke
          > Wake at=42.6s
    20.0  LegAnswered leg=8 by=hook sure=100
            CallConnected call=2 leg=8 port=fxs2 station=102 waitms=19000
          > Stop leg=1
          > Connect a=1 b=8
    40.0  DigitPressed leg=8 digit=!
            CallHeld call=2 by=8
            CallBegan call=12 leg=8 port=fxs2 direction=inside from=102 name=Gabinete
            CallRouted call=12 to=dial/ why=second
            DialWaited call=12 until=55.0s
          > Disconnect a=1 b=8
          > Play leg=1 play=11 clips=[music/default] loop=true
          > Play leg=8 play=13 lang=es clips=[tone/stutter] loop=true
    42.0  LegEnded leg=8 cause=normal
            CallEnded call=12 cause=normal by=8 waitms=2000 q850=16
            CallTransferred call=2 by=8 station=102 how=recall to=recall/102
            CallRouted call=2 to=recall/102 why=held
            RecallWaited call=2 next=43000 until=132.0s
          > Play leg=1 play=14 lang=es clips=[music/default] loop=true
    42.6  Woke
          > Wake at=43.0s
    43.0  Woke
            LegBegan leg=15 call=2 port=fxs2 until=73.0s
          > Dial leg=15 port=fxs2 from=600111111 pattern=recall with=1
          > Wake at=73.0s
    43.5  LegRinging leg=15
    46.0  LegAnswered leg=15 by=hook sure=100
            CallConnected call=2 leg=15 port=fxs2 station=102 waitms=45000
          > Stop leg=1
          > Connect a=1 b=15
    60.0  LegEnded leg=1 cause=busy-tone
            CallEnded call=2 cause=busy-tone by=1 talkms=38000 waitms=5000 heldms=7000 q850=16
          > Play leg=15 play=16 clips=[tone/busy] loop=true
    62.0  LegEnded leg=15 cause=normal
