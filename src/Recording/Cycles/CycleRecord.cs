using System.Runtime.InteropServices;
using EdgeAutonomy.Runtime;

namespace EdgeAutonomy.Recording;

/// <summary>One recorded cycle, read in place: header, stages, sections (docs/recording.md has the table).</summary>
/// <remarks>Little-endian; parts begin at multiples of eight. Valid as long as its bytes. <see cref="Parse"/> checks every length, so that no getter can read outside.</remarks>
public readonly ref struct CycleRecord
{
    internal const ushort Version = 1;
    internal const int HeaderBytes = 144, SectionHeaderBytes = 8;
    internal const int VersionAt = 0, HeaderBytesAt = 2, RungAt = 4, ClockAt = 5, FlagsAt = 6, StagesAt = 7, CycleIdAt = 8, TagAt = 16, PeriodIndexAt = 28, SlotsAt = 29,
        PeriodReasonAt = 30, DtAt = 32, LatenessAt = 40, ValidFromAt = 48, ValidToAt = 56, StateHashAt = 64, TrustAt = 72, CoverageAt = 76, SenseEnergyAt = 80,
        ComputeEnergyAt = 84, ActuateEnergyAt = 88, RungReasonAt = 92, MeasuredAt = 94, MissedAt = 96, DoubledAt = 104, SkippedSlotsAt = 112, ItemsAt = 116,
        DroppedAt = 120, QueueFillAt = 124, DtPlannedAt = 128;

    private readonly ReadOnlySpan<byte> _bytes;
    private readonly int _header, _outcomes, _codes, _quanta, _hashes, _sections;

    private CycleRecord(ReadOnlySpan<byte> bytes)
    {
        _bytes = bytes;
        if (bytes.Length < HeaderBytes) throw Bad($"it has {bytes.Length} bytes; a record has at least {HeaderBytes}");
        ushort version = Get<ushort>(VersionAt);
        if (version != Version) throw Bad($"its version is {version}; this program reads version {Version}");
        _header = Get<ushort>(HeaderBytesAt);
        if (_header < HeaderBytes || (_header & 7) != 0) throw Bad($"its header claims {_header} bytes; must be a multiple of 8, at least {HeaderBytes}");
        int n = StageCount;
        _outcomes = _header + 4 * (n + 1);
        _codes = _outcomes + n + (n & 1);
        _quanta = _codes + 2 * n;
        _hashes = _quanta + 2 * n + 7 & ~7;
        _sections = _hashes + 8 * n;
        if (n < 4 || n > 64 || _sections > bytes.Length) throw Bad($"it claims {n} stages in {bytes.Length} bytes; a loop has 4 to 64");
        for (int at = _sections; at < bytes.Length;)
        {
            if (bytes.Length - at < SectionHeaderBytes) throw Bad($"{bytes.Length - at} bytes are left behind its sections");
            long end = at + SectionHeaderBytes + (((long)Get<uint>(at + 4) + 7) & ~7L);
            if (end > bytes.Length) throw Bad($"section {Get<ushort>(at)} ends {end - bytes.Length} bytes behind it");
            at = (int)end;
        }
    }

    /// <summary>Checks a record and makes it readable.</summary>
    /// <exception cref="InvalidDataException">The bytes are not a cycle record of this version.</exception>
    public static CycleRecord Parse(ReadOnlySpan<byte> bytes) => new(bytes);

    /// <summary>Gets the whole record.</summary>
    public ReadOnlySpan<byte> Bytes => _bytes;

    /// <summary>Gets the number of the cycle.</summary>
    public ulong CycleId => Get<ulong>(CycleIdAt);

    /// <summary>Gets the logical time.</summary>
    public Stamp Tag => new(Get<long>(TagAt));

    /// <summary>Gets the time since the tag before.</summary>
    public Duration Dt => new(Get<long>(DtAt));

    /// <summary>Gets the period that led here.</summary>
    public Duration DtPlanned => new(Get<long>(DtPlannedAt));

    /// <summary>Gets how late the thread woke; measured.</summary>
    public Duration Lateness => new(Get<long>(LatenessAt));

    /// <summary>Gets the rung.</summary>
    public Rung Rung => (Rung)_bytes[RungAt];

    /// <summary>Gets why the rung last changed.</summary>
    public RungReason RungReason => (RungReason)Get<ushort>(RungReasonAt);

    /// <summary>Gets the clock that the loop waited on.</summary>
    public RecordedClock Clock => (RecordedClock)_bytes[ClockAt];

    /// <summary>Gets what was special.</summary>
    public CycleFlags Flags => (CycleFlags)_bytes[FlagsAt];

    /// <summary>Gets how many stages there are.</summary>
    public int StageCount => _bytes[StagesAt];

    /// <summary>Gets the grid index of the next period.</summary>
    public byte PeriodIndex => _bytes[PeriodIndexAt];

    /// <summary>Gets why it was chosen.</summary>
    public PeriodReason PeriodReason => (PeriodReason)Get<ushort>(PeriodReasonAt);

    /// <summary>Gets the hash of the run up to and with this cycle.</summary>
    public ulong StateHash => Get<ulong>(StateHashAt);

    /// <summary>Gets the trust in the sample, [0, 1].</summary>
    public float Trust => Get<float>(TrustAt);

    /// <summary>Gets the share of the field that was sensed.</summary>
    public float Coverage => Get<float>(CoverageAt);

    /// <summary>Gets how many items the sample held.</summary>
    public int Items => Get<int>(ItemsAt);

    /// <summary>Gets how many items the sensor lost.</summary>
    public uint Dropped => Get<uint>(DroppedAt);

    /// <summary>Gets the energy of the cycle.</summary>
    public Energy Energy => new(Get<float>(SenseEnergyAt), Get<float>(ComputeEnergyAt), Get<float>(ActuateEnergyAt));

    /// <summary>Gets what was decided from measured time.</summary>
    public MeasuredDecisions Measured
    {
        get
        {
            int bits = Get<ushort>(MeasuredAt);
            return new MeasuredDecisions
            {
                Missed = Get<ulong>(MissedAt), Doubled = Get<ulong>(DoubledAt), SkippedSlots = Get<int>(SkippedSlotsAt),
                CycleMissed = (bits & 1) != 0, SlackShort = (bits & 2) != 0, WatchdogStop = (bits & 4) != 0, GuardStopped = (bits & 8) != 0,
            };
        }
    }

    /// <summary>Returns a boundary, in nanoseconds since waking; stage i ran from i to i + 1.</summary>
    public uint BoundaryNs(int i) => Get<uint>(_header + 4 * Checked(i, StageCount + 1));

    /// <summary>Returns the status of a stage.</summary>
    public StageStatus Status(int stage) => new((StageOutcome)_bytes[_outcomes + Checked(stage, StageCount)], (FailureCode)Get<ushort>(_codes + 2 * stage));

    /// <summary>Returns how many quanta a stage did.</summary>
    public int Quanta(int stage) => Get<ushort>(_quanta + 2 * Checked(stage, StageCount));

    /// <summary>Returns the hash of a stage's output and state.</summary>
    public ulong StageHash(int stage) => Get<ulong>(_hashes + 8 * Checked(stage, StageCount));

    /// <summary>Finds a section.</summary>
    /// <returns>False when the record has none of the kind.</returns>
    public bool TrySection(SectionKind kind, out ReadOnlySpan<byte> data)
    {
        for (int at = _sections; at < _bytes.Length;)
        {
            int length = Get<int>(at + 4);
            if (Get<ushort>(at) == (ushort)kind)
            {
                data = _bytes.Slice(at + SectionHeaderBytes, length);
                return true;
            }
            at += SectionHeaderBytes + (length + 7 & ~7);
        }
        data = default;
        return false;
    }

    /// <summary>Reads a section that is one plain value.</summary>
    /// <exception cref="InvalidDataException">The section is missing or of another length.</exception>
    public T Section<T>(SectionKind kind) where T : unmanaged
    {
        var value = default(T);
        if (!TrySection(kind, out var data)) throw Bad($"it has no section {kind}");
        PayloadState.Thaw(ref value, data);
        return value;
    }

    private T Get<T>(int at) where T : unmanaged => MemoryMarshal.Read<T>(_bytes[at..]);

    private static int Checked(int i, int count)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)i, (uint)count, nameof(i));
        return i;
    }

    private static InvalidDataException Bad(string what) => new($"Cycle record: {what}; the recording is damaged or of another version.");
}
