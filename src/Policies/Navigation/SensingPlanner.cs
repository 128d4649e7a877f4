using EdgeAutonomy.Runtime;

namespace EdgeAutonomy.Policies;

/// <summary>Decides where to look next: closely at danger, thrifty when the way is clear, and never blind anywhere for long.</summary>
/// <remarks>
/// The surroundings are cut into 36 groups of 10°. A group that was not requested, or not seen, for its own limit (half to four fifths of
/// <see cref="GoToGoalOptions.MaxUnseenSecond"/>, spread over the groups so that they do not all fall due together) is added to the
/// request. So with periods up to a fifth of that limit every sector is requested at least once per limit, whatever the decisions are.
/// One thread; allocates nothing.
/// </remarks>
internal sealed class SensingPlanner : IPayload
{
    /// <summary>Number of groups.</summary>
    public const int Groups = 36;

    private const int GroupDegrees = SectorMask.Count / Groups;

    private readonly float[] _requestAge = new float[Groups];
    private readonly float[] _seenAge = new float[Groups];
    private readonly float[] _limit = new float[Groups];
    private readonly int _life;
    private SectorMask _watched;

    /// <summary>Makes a planner to which everything is due.</summary>
    public SensingPlanner(GoToGoalOptions options)
    {
        _life = options.RequestLifeCycles;
        for (int i = 0; i < Groups; i++)
        {
            // 13 and 36 share no divisor, so neighbouring groups get limits that lie far apart.
            _limit[i] = options.MaxUnseenSecond * (0.5f + 0.3f * (i * 13 % Groups) / Groups);
            _requestAge[i] = _seenAge[i] = options.MaxUnseenSecond;
        }
    }

    /// <summary>Lets time pass.</summary>
    public void Advance(float seconds)
    {
        for (int i = 0; i < Groups; i++)
        {
            _requestAge[i] += seconds;
            _seenAge[i] += seconds;
        }
    }

    /// <summary>Notes that a bearing was really ranged.</summary>
    /// <param name="radians">Bearing in the robot's frame.</param>
    public void NoteSeen(double radians) => _seenAge[GroupAt(radians)] = 0;

    /// <summary>Adds a place to look at to the next request.</summary>
    /// <param name="radians">Bearing in the robot's frame.</param>
    /// <param name="halfDegrees">How wide to look to each side.</param>
    public void Watch(double radians, int halfDegrees) => Fan(ref _watched, radians, halfDegrees);

    /// <summary>Makes the request.</summary>
    /// <param name="reason">Danger, Clear, or another reason for which everything is looked at.</param>
    /// <param name="danger">In [0, 1]: 1 = contact is imminent.</param>
    /// <param name="travel">Bearing of the way ahead in radians.</param>
    /// <param name="target">Bearing of the place driven to in radians.</param>
    /// <param name="cycle">The present cycle.</param>
    public SensingRequest Plan(RequestReason reason, float danger, double travel, double target, ulong cycle)
    {
        var sectors = _watched;
        _watched = default;
        switch (reason)
        {
            case RequestReason.Danger:
                // Everything but what lies right behind; that follows by its age.
                Fan(ref sectors, travel, 120);
                break;
            case RequestReason.Clear:
                Fan(ref sectors, travel, 50);
                Fan(ref sectors, target, 25);
                break;
            default:
                sectors = SectorMask.All;
                break;
        }
        for (int i = 0; i < Groups; i++)
        {
            if (_requestAge[i] >= _limit[i] || _seenAge[i] >= _limit[i]) sectors.AddRange(i * GroupDegrees, GroupDegrees);
            if (sectors.Contains(i * GroupDegrees) && sectors.Contains(i * GroupDegrees + GroupDegrees - 1)) _requestAge[i] = 0;
        }
        return new SensingRequest
        {
            Sectors = sectors,
            EventThreshold = 1f - 0.3f * danger,
            Origin = RequestOrigin.Policy,
            Reason = reason,
            ExpiresCycle = cycle + (ulong)_life,
        };
    }

    /// <inheritdoc/>
    public void AddTo(ref StateHasher hasher)
    {
        hasher.Add(_requestAge);
        hasher.Add(_seenAge);
    }

    internal void Freeze(in StateWriter writer)
    {
        writer.WriteSpan(_requestAge);
        writer.WriteSpan(_seenAge);
    }

    internal void Thaw(ref StateReader reader)
    {
        reader.ReadFinite(_requestAge, "ages");
        reader.ReadFinite(_seenAge, "ages");
    }

    private static void Fan(ref SectorMask sectors, double middle, int halfDegrees)
    {
        int degree = (int)Math.Floor(DeterministicMath.WrapAngle(middle) * (180 / Math.PI));
        // Whole groups, so that what is requested is also counted.
        int first = FloorDivide(degree - halfDegrees, GroupDegrees), last = FloorDivide(degree + halfDegrees, GroupDegrees);
        for (int g = first; g <= last; g++) sectors.AddRange(g * GroupDegrees, GroupDegrees);
    }

    private static int FloorDivide(int a, int b) => (a - (((a % b) + b) % b)) / b;

    private static int GroupAt(double radians)
    {
        int degree = (int)Math.Floor(DeterministicMath.WrapAngle(radians) * (180 / Math.PI));
        return FloorDivide(((degree % 360) + 360) % 360, GroupDegrees) % Groups;
    }
}
