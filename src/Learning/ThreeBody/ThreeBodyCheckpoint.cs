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
}
