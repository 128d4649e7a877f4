namespace EdgeAutonomy.Runtime;

/// <summary>What happened in one turn of a loop: the one thing that is logged, shown, compared and replayed.</summary>
/// <remarks>
/// One object per loop, overwritten every turn; sinks read it during <see cref="ICycleSink.OnCycle"/> and copy what they keep.
/// <see cref="Lateness"/>, <see cref="BoundariesNs"/> and <see cref="Energy"/> are measurements of the machine and do not take part in
/// replay equality; everything else does.
/// </remarks>
public abstract class Cycle : IPayload
{
    private protected Cycle(string loop, string[] stages, int gridCount)
    {
        Loop = loop;
        StageNames = stages;
        BoundariesNs = new uint[stages.Length + 1];
        Statuses = new StageStatus[stages.Length];
        StageHashes = new ulong[stages.Length];
        Quanta = new ushort[stages.Length];
        PeriodValues = new float[gridCount];
        Inputs = new LoopInput[16];
        Report = Sensed = SensorReport.Empty;
    }

    /// <summary>Gets the loop's name.</summary>
    public string Loop { get; }

    /// <summary>Gets the names of the stages: sense, each perceiver, decide, act.</summary>
    public IReadOnlyList<string> StageNames { get; }

    /// <summary>Gets the dense number of the cycle, from 0.</summary>
    public ulong Id { get; internal set; }

    /// <summary>Gets the logical time: the scheduled deadline.</summary>
    public Stamp Tag { get; internal set; }

    /// <summary>Gets the period chosen for this cycle.</summary>
    public Duration DtPlanned { get; internal set; }

    /// <summary>Gets the tag minus the previous tag; zero in the first cycle, a longer time after skipped slots.</summary>
    public Duration Dt { get; internal set; }

    /// <summary>Gets how late the thread woke; measured.</summary>
    public Duration Lateness { get; internal set; }

    /// <summary>What this cycle decided from measured time; a replay applies it.</summary>
    public MeasuredDecisions Measured;

    /// <summary>Gets how many slots were skipped before this cycle.</summary>
    public int SkippedSlots => Measured.SkippedSlots;

    /// <summary>Gets n+1 stage boundaries in nanoseconds since waking; stage i ran from [i] to [i+1]. Measured.</summary>
    public uint[] BoundariesNs { get; }

    /// <summary>What the sensor said, before the trust monitor and whatever became of the sample.</summary>
    public SensorReport Sensed;

    /// <summary>Gets what the sensor said about its sample; trust is the lowest of the sensor's and the trust monitor's.</summary>
    public SensorReport Report;

    /// <summary>Gets the sensing request in force in this cycle.</summary>
    public SensingRequest Request;

    /// <summary>Gets what was drained from the inbox; the first <see cref="InputCount"/> entries.</summary>
    public LoopInput[] Inputs { get; }

    /// <summary>Gets how many inputs were drained.</summary>
    public int InputCount { get; internal set; }

    /// <summary>Gets the rung in force when the action passed the guard.</summary>
    public Rung Rung { get; internal set; }

    /// <summary>Gets why the rung last changed.</summary>
    public RungReason RungReason { get; internal set; }

    /// <summary>Gets the grid index of the period chosen for the next cycle.</summary>
    public byte PeriodIndex { get; internal set; }

    /// <summary>Gets why that period was chosen.</summary>
    public PeriodReason PeriodReason { get; internal set; }

    /// <summary>Gets the pacer's value of each grid index; zero when the pacer gives none.</summary>
    public float[] PeriodValues { get; }

    /// <summary>Gets the status of each stage.</summary>
    public StageStatus[] Statuses { get; }

    /// <summary>Gets how many quanta each stage did (anytime stages: 1 + refinements).</summary>
    public ushort[] Quanta { get; }

    /// <summary>Gets a bit per stage that missed its budget.</summary>
    public ulong MissMask => Measured.Missed;

    /// <summary>Gets the hash of each stage's output and state.</summary>
    public ulong[] StageHashes { get; }

    /// <summary>Gets the hash of the whole run up to and with this cycle.</summary>
    public ulong StateHash { get; internal set; }

    /// <summary>Gets the energy of this cycle.</summary>
    public Energy Energy { get; internal set; }

    /// <summary>Gets what was special.</summary>
    public CycleFlags Flags { get; internal set; }

    /// <summary>Gets the time from waking to the last stage boundary, in nanoseconds; measured.</summary>
    public uint BusyNs => BoundariesNs[^1];

    /// <summary>Returns what the energy of this cycle depends on.</summary>
    /// <param name="busyNs">Computing time in nanoseconds; 0 where a run must not depend on the machine.</param>
    /// <param name="effort">How hard the actuator works, in [0, 1].</param>
    internal EnergyLoad Load(long busyNs, float effort) => new()
    {
        Dt = Dt, Busy = new Duration(busyNs), Items = Report.Items, SensorMicrojoule = Report.Applied.EnergyMicrojoule, Effort = effort,
    };

    /// <summary>Adds what a replay must reproduce, beside the payloads: number, tag, stage hashes and statuses, sensing, rung and period.</summary>
    public void AddTo(ref StateHasher hasher)
    {
        hasher.Add(Id);
        hasher.Add(Tag.Nanoseconds);
        for (int i = 0; i < StageHashes.Length; i++)
        {
            hasher.Add(StageHashes[i]);
            hasher.Add((ulong)Statuses[i].Outcome | (ulong)Statuses[i].Code << 8 | (ulong)Quanta[i] << 32);
        }
        Request.AddTo(ref hasher);
        Report.Applied.AddTo(ref hasher);
        hasher.Add((ulong)Rung | (ulong)RungReason << 8 | (ulong)PeriodIndex << 32 | (ulong)PeriodReason << 40);
    }
}
