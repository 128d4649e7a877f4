using System.Runtime.InteropServices;

namespace EdgeAutonomy.Runtime;

/// <summary>What a loop itself remembers from one cycle to the next; frozen as it stands.</summary>
[StructLayout(LayoutKind.Sequential, Pack = 1)] // no indeterminate byte may get into a keyframe
internal struct LoopMemory
{
    public long Deadline;
    public long PreviousTag;
    public long LastFresh;
    public ulong Hash;
    public bool Missed;
    public bool SlackShort;
    public bool ActuatorFailed;
    public bool PeerLost;
    public Rung Floor;
    public bool OperatorStop;
    public bool ClearStop;
    public bool WatchdogStop;
}
