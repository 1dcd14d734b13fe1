A click at the page rings the phone, then dials; hold by hook flash, hang up from the page.
-- input --
0 PhoneChanged 201 true sip:ana@10.0.0.5
1 ! station dial 101 201
3 LegAnswered 2 hook 100
3.2 LegRinging 3
5 LegAnswered 3 sip 100
9 DigitPressed 2 !
12 DigitPressed 2 !
20 ! call hangup 1
20.1 LegEnded 3 normal
25 LegEnded 2 normal
26 ! call hangup 1
-- transcript --
     0.0  PhoneChanged station=201 registered=true contact=sip:ana@10.0.0.5
     1.0  ! station dial 101 201
            CallBegan call=1 leg=2 port=fxs1 direction=inside from=101 name=Recepción to=201
            CallRouted call=1 to=dial/ why=clicked
            LegBegan leg=2 call=1 port=fxs1 until=31.0s
          > Dial leg=2 port=fxs1 from=201 as=101
          > Wake at=31.0s
     3.0  LegAnswered leg=2 by=hook sure=100
            CallRouted call=1 to=station/201 why=dialled dialled=201
            LegBegan leg=3 call=1 port=sip/201 until=33.0s
          > Dial leg=3 port=sip/201 from=101 name=Recepción as=101 pattern=internal with=2
     3.2  LegRinging leg=3
          > Play leg=2 play=4 lang=es clips=[tone/ringback] loop=true
     5.0  LegAnswered leg=3 by=sip sure=100
            CallConnected call=1 leg=3 port=sip/201 station=201 waitms=4000
          > Stop leg=2
          > Connect a=2 b=3
     9.0  DigitPressed leg=2 digit=!
            CallHeld call=1 by=2
            CallBegan call=6 leg=2 port=fxs1 direction=inside from=101 name=Recepción
            CallRouted call=6 to=dial/ why=second
            DialWaited call=6 until=24.0s
          > Disconnect a=2 b=3
          > Play leg=3 play=5 clips=[music/default] loop=true
          > Play leg=2 play=7 lang=es clips=[tone/stutter] loop=true
          > Wake at=24.0s
    12.0  DigitPressed leg=2 digit=!
            CallEnded call=6 cause=cancelled by=2 waitms=3000 q850=16
            CallResumed call=1 by=2
          > Stop leg=2
          > Connect a=2 b=3
          > Stop leg=3
    20.0  ! call hangup 1
            CallEnded call=1 cause=normal talkms=12000 waitms=4000 heldms=3000 q850=16
          > Play leg=2 play=8 clips=[tone/busy] loop=true
          > Hangup leg=3 cause=normal
    20.1  LegEnded leg=3 cause=normal
    24.0  Woke
          > Wake at=80.0s
    25.0  LegEnded leg=2 cause=normal
    26.0  ! call hangup 1
          refused: refused: no-such-call
