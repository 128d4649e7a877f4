using EdgeAutonomy.Runtime;
using EdgeAutonomy.Runtime.Messages;

namespace EdgeAutonomy.Policies.Tests;

/// <summary>Runs a policy in an <see cref="Arena"/> cycle by cycle.</summary>
internal sealed class Drive(Arena arena, IPolicy<Percept, Twist2> policy)
{
    private readonly RandomStream _random = new(1);
    private Stamp _last = arena.Now;
    private bool _sensed;

    public Arena Arena => arena;

    public ulong Cycle { get; private set; }

    public Decision<Twist2> Decision;

    public StageStatus Status { get; private set; }

    public Action<Drive>? AfterDecision { get; set; }

    public bool NewGoals { get; set; } = true;

    public static CycleContext Context(ulong cycle, Stamp now, Duration dt, RandomStream random) =>
        new() { CycleId = cycle, Now = now, Dt = dt, Budget = Duration.Unlimited, QualityTarget = 1, Random = random };

    public void Step(Duration period)
    {
        if (!_sensed) arena.Sense();
        _sensed = true;
        var percept = arena.Percept;
        Decision = Decision<Twist2>.None;
        Status = policy.Decide(percept, ref Decision, Context(Cycle, arena.Now, arena.Now - _last, _random));
        AfterDecision?.Invoke(this);
        _last = arena.Now;
        arena.Step(Decision.Action, Decision.Request, period, NewGoals);
        Cycle++;
    }

    public Drive For(double seconds, int periodMs = 8)
    {
        var end = arena.Now + Duration.FromSeconds(seconds);
        while (arena.Now < end && !arena.Collided) Step(Duration.FromMilliseconds(periodMs));
        return this;
    }
}
