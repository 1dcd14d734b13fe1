112 while every line is busy: the youngest outgoing call loses its line, the dial waits for the leg to end, and a line that fails is followed by the other.
-- input --
0 TrunkChanged proveedor false
1 LegOffered new fxo1 600111111
1.5 LegAnswered 1 hook 100
2 LegOffered new fxs2
2.1 DigitPressed 4 0
2.2 DigitPressed 4 6
2.3 DigitPressed 4 0
2.4 DigitPressed 4 "#"
3 LegAnswered 7 polarity 100
10 LegOffered new fxs1
11 DigitPressed 8 1
11.2 DigitPressed 8 1
11.4 DigitPressed 8 2
11.9 LegEnded 7 preempted
12.4 LegEnded 12 no-line
12.9 LegEnded 1 preempted
13 LegAnswered 13 polarity 100
14 LegEnded 4 normal
40 LegEnded 8 normal
40.2 LegEnded 13 normal
-- transcript --
     0.0  TrunkChanged trunk=proveedor
            AlarmRaised key=trunk/proveedor severity=major text=alarm.trunk-down args=[proveedor ]
     1.0  LegOffered leg=1 port=fxo1 from=600111111
            CallBegan call=2 leg=1 port=fxo1 direction=in from=600111111
            CallRouted call=2 to=menu/dia why=fxo
            MenuAsked call=2 menu=dia until=11.0s lang=es
          > Answer leg=1
          > Wake at=11.0s
     1.5  LegAnswered leg=1 by=hook sure=100
            MenuAsked call=2 menu=dia try=1 play=3 until=181.5s lang=es
          > Play leg=1 play=3 lang=es clips=[prompt/welcome prompt/press-a-digit]
     2.0  LegOffered leg=4 port=fxs2
            CallBegan call=5 leg=4 port=fxs2 direction=inside from=102 name=Gabinete
            CallRouted call=5 to=dial/ why=lifted
            DialWaited call=5 until=17.0s
          > Play leg=4 play=6 lang=es clips=[tone/dial] loop=true
     2.1  DigitPressed leg=4 digit=0
            DialWaited call=5 digits=0 until=6.1s
          > Stop leg=4
          > Wake at=6.1s
     2.2  DigitPressed leg=4 digit=6
            DialWaited call=5 digits=06 until=6.2s
     2.3  DigitPressed leg=4 digit=0
            DialWaited call=5 digits=060 until=6.3s
     2.4  DigitPressed leg=4 digit=#
            CallRouted call=5 to=outside/60 why=dialled dialled=060 through=[fxo1 fxo2 trunk/proveedor]
            LegBegan leg=7 call=5 port=fxo2 to=60 until=182.4s
          > Dial leg=7 port=fxo2 to=60 from=102 name=Gabinete as=102 pattern=internal with=4
     3.0  LegAnswered leg=7 by=polarity sure=100
            CallConnected call=5 leg=7 port=fxo2 waitms=1000
          > Stop leg=4
          > Connect a=4 b=7
     6.1  Woke
          > Wake at=181.5s
    10.0  LegOffered leg=8 port=fxs1
            CallBegan call=9 leg=8 port=fxs1 direction=inside from=101 name=Recepción
            CallRouted call=9 to=dial/ why=lifted
            DialWaited call=9 until=25.0s
          > Play leg=8 play=10 lang=es clips=[tone/dial] loop=true
          > Wake at=25.0s
    11.0  DigitPressed leg=8 digit=1
            DialWaited call=9 digits=1 until=15.0s
          > Stop leg=8
          > Wake at=15.0s
    11.2  DigitPressed leg=8 digit=1
            DialWaited call=9 digits=11 until=15.2s
    11.4  DigitPressed leg=8 digit=2
            CallRouted call=9 to=outside/112 why=dialled dialled=112 through=[fxo1 fxo2 trunk/proveedor] emergency=true
            LineSeized call=9 port=fxo2 from=5 leg=7
            CallEnded call=5 cause=preempted talkms=8400 waitms=1000 q850=8
          > Play leg=4 play=11 clips=[tone/congestion] loop=true
          > Hangup leg=7 cause=preempted
    11.9  LegEnded leg=7 cause=preempted
            LegBegan leg=12 call=9 port=fxo2 to=112 until=191.9s
          > Dial leg=12 port=fxo2 to=112 from=101 name=Recepción as=101 pattern=internal with=8
    12.4  LegEnded leg=12 cause=no-line
            LineSeized call=9 port=fxo1 from=2 leg=1
            CallEnded call=2 cause=preempted waitms=11400 q850=8
          > Hangup leg=1 cause=preempted
    12.9  LegEnded leg=1 cause=preempted
            LegBegan leg=13 call=9 port=fxo1 to=112 until=192.9s
          > Dial leg=13 port=fxo1 to=112 from=101 name=Recepción as=101 pattern=internal with=8
    13.0  LegAnswered leg=13 by=polarity sure=100
            CallConnected call=9 leg=13 port=fxo1 waitms=3000
          > Stop leg=8
          > Connect a=8 b=13
    14.0  LegEnded leg=4 cause=normal
    15.0  Woke
          > Wake at=34573.0s
    40.0  LegEnded leg=8 cause=normal
            CallEnded call=9 cause=normal by=8 talkms=27000 waitms=3000 q850=16
          > Hangup leg=13 cause=normal
    40.2  LegEnded leg=13 cause=normal
