namespace EdgeAutonomy.Learning;

/// <summary>A moment of an episode, to come back to: what an accept/reject controller or a look-ahead oracle needs. A plain value; copy it freely.</summary>
public struct ThreeBodyCheckpoint
{
    internal ThreeBodyState State;
    internal double StartEnergy;
    internal double Energy;
    internal double IntervalError;
    internal double Potential;
    internal long LastSteps;
    internal int LastRung;
    internal int Check;
    internal uint Seed;
    internal bool IsRunning;

    internal readonly void Write(System.Buffers.IBufferWriter<byte> writer)
    {
        var w = new StateWriter(writer);
        w.Write(State);
        w.Write(StartEnergy);
        w.Write(Energy);
        w.Write(IntervalError);
        w.Write(Potential);
        w.Write(LastSteps);
        w.Write(LastRung);
        w.Write(Check);
        w.Write(Seed);
        w.Write(IsRunning);
    }

    internal static ThreeBodyCheckpoint Read(ref StateReader r) => new()
    {
        State = r.Read<ThreeBodyState>(),
        StartEnergy = r.Read<double>(),
        Energy = r.Read<double>(),
        IntervalError = r.Read<double>(),
        Potential = r.Read<double>(),
        LastSteps = r.Read<long>(),
        LastRung = r.ReadInt32(0, int.MaxValue),
        Check = r.ReadInt32(0, int.MaxValue),
        Seed = r.Read<uint>(),
        IsRunning = r.ReadBoolean(),
    };
}
