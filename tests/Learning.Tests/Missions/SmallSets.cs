using EdgeAutonomy.Agents;
using EdgeAutonomy.Runtime;

namespace EdgeAutonomy.Learning.Tests.Missions;

/// <summary>A mission of two commands that ends by itself, for checks with a known best answer.</summary>
internal abstract class SmallMission(MissionShape shape) : IMission
{
    private static readonly ActionCall[] Calls = [new("a", [], "a"), new("b", [], "b")];

    public string Name => "small";

    public string Instruction => "";

    public string Observation => "";

    public MissionShape Shape => shape;

    public abstract int Limit { get; }

    public int Steps { get; private set; }

    public ulong WorldVersion => (ulong)Steps;

    public IReadOnlyList<ActionCall> Candidates => Calls;

    public virtual void Describe(MissionView view)
    {
        view.Resize(2);
        view.Candidate(0)[0] = 1;
        view.Candidate(1)[1] = 1;
        view.Executable.Fill(true);
    }

    public bool IsExecutable(string command) => true;

    public string? Explain(string command) => null;

    public MissionStep Step(string command)
    {
        Steps++;
        return Do(command == "b");
    }

    public int Expert() => 1;

    protected abstract MissionStep Do(bool second);
}

/// <summary>A bandit: the first arm pays in 2 of 10 episodes, the second in 7.</summary>
internal sealed class BanditSet : IMissionSet
{
    private static readonly MissionShape Widths = new(1, 1, 2, "bandit");

    public string Name => "bandit";

    public MissionShape Shape => Widths;

    public int Count => int.MaxValue;

    public bool IsHeldOut(int number) => false;

    public IMission Start(int number) => new Bandit(number);

    private sealed class Bandit(int number) : SmallMission(Widths)
    {
        public override int Limit => 1;

        protected override MissionStep Do(bool second)
        {
            bool pays = RandomStream.For((ulong)number, "bandit").NextDouble() < (second ? 0.7 : 0.2);
            return new MissionStep(pays ? 1 : 0, true, true, false, pays);
        }
    }
}

/// <summary>Five states in a row, back and forth; the far end pays once. Optionally stopped from outside.</summary>
internal sealed class ChainSet(bool stops = false) : IMissionSet
{
    private static readonly MissionShape Widths = new(5, 1, 2, "chain");

    public string Name => "chain";

    public MissionShape Shape => Widths;

    public int Count => int.MaxValue;

    public bool IsHeldOut(int number) => false;

    public IMission Start(int number) => new Chain(stops);

    private sealed class Chain(bool stops) : SmallMission(Widths)
    {
        private int _at;

        public override int Limit => 12;

        public override void Describe(MissionView view)
        {
            base.Describe(view);
            Array.Clear(view.State);
            view.State[_at] = 1;
        }

        protected override MissionStep Do(bool second)
        {
            _at = Math.Clamp(_at + (second ? 1 : -1), 0, 4);
            bool there = _at == 4;
            return new MissionStep(there ? 1 : 0, true, there || (Steps == Limit && !stops), Steps == Limit && stops, there);
        }
    }
}
