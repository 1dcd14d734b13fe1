A handset dials 0 and a number: the first line fails, the second carries it; digits decide at the ninth.
-- input --
1 LegOffered new fxs2
2 DigitPressed 1 0
2.2 DigitPressed 1 9
2.4 DigitPressed 1 1
2.6 DigitPressed 1 1
2.8 DigitPressed 1 0
3 DigitPressed 1 0
3.2 DigitPressed 1 0
3.4 DigitPressed 1 0
3.6 DigitPressed 1 0
3.8 DigitPressed 1 1
4 LegEnded 4 out-of-order
4.5 LegEarly 5
12 LegAnswered 5 timer 60
60 LegEnded 5 busy-tone
70 LegEnded 1 normal
-- transcript --
     1.0  LegOffered leg=1 port=fxs2
            CallBegan call=2 leg=1 port=fxs2 direction=inside from=102 name=Gabinete
            CallRouted call=2 to=dial/ why=lifted
            DialWaited call=2 until=16.0s
          > Play leg=1 play=3 lang=es clips=[tone/dial] loop=true
          > Wake at=16.0s
     2.0  DigitPressed leg=1 digit=0
            DialWaited call=2 digits=0 until=6.0s
          > Stop leg=1
          > Wake at=6.0s
     2.2  DigitPressed leg=1 digit=9
            DialWaited call=2 digits=09 until=6.2s
     2.4  DigitPressed leg=1 digit=1
            DialWaited call=2 digits=091 until=6.4s
     2.6  DigitPressed leg=1 digit=1
            DialWaited call=2 digits=0911 until=6.6s
     2.8  DigitPressed leg=1 digit=0
            DialWaited call=2 digits=09110 until=6.8s
     3.0  DigitPressed leg=1 digit=0
            DialWaited call=2 digits=091100 until=7.0s
     3.2  DigitPressed leg=1 digit=0
            DialWaited call=2 digits=0911000 until=7.2s
     3.4  DigitPressed leg=1 digit=0
            DialWaited call=2 digits=09110000 until=7.4s
     3.6  DigitPressed leg=1 digit=0
            DialWaited call=2 digits=091100000 until=7.6s
     3.8  DigitPressed leg=1 digit=1
            CallRouted call=2 to=outside/911000001 why=dialled dialled=0911000001 through=[fxo1 fxo2 trunk/proveedor]
            LegBegan leg=4 call=2 port=fxo1 to=911000001 until=183.8s
          > Dial leg=4 port=fxo1 to=911000001 from=102 name=Gabinete as=102 pattern=internal with=1
     4.0  LegEnded leg=4 cause=out-of-order
            LegBegan leg=5 call=2 port=fxo2 to=911000001 until=184.0s
          > Dial leg=5 port=fxo2 to=911000001 from=102 name=Gabinete as=102 pattern=internal with=1
     4.5  LegEarly leg=5
          > Stop leg=1
          > Connect a=1 b=5
     6.0  Woke
          > Wake at=184.0s
    12.0  LegAnswered leg=5 by=timer sure=60
            CallConnected call=2 leg=5 port=fxo2 waitms=11000
          > Stop leg=1
          > Connect a=1 b=5
    60.0  LegEnded leg=5 cause=busy-tone
            CallEnded call=2 cause=busy-tone by=5 talkms=48000 waitms=11000 q850=16
          > Play leg=1 play=6 clips=[tone/busy] loop=true
          > Wake at=120.0s
    70.0  LegEnded leg=1 cause=normal
