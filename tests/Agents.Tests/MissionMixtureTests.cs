namespace EdgeAutonomy.Agents.Tests;

public class MissionMixtureTests
{
    private static readonly MissionShape Shape = new(2, 1, 2, "corridor");

    [Fact]
    public void IsHeldOut_AnyNumber_IsTheRuleOfItsSetForNumberOverSets()
    {
        // Sets of different rules, so that neither another set nor another number would do.
        var sets = new[] { new RuledSet("fives", 1000, n => n % 5 == 0), new RuledSet("none", 1000, _ => false), new RuledSet("late", 1000, n => n >= 40) };
        var mixture = new MissionMixture("mixed", sets);
        Assert.Equal(3000, mixture.Count);
        for (int n = 0; n < mixture.Count; n++)
        {
            Assert.Equal((n % 3) switch { 0 => n / 3 % 5 == 0, 1 => false, _ => n / 3 >= 40 }, mixture.IsHeldOut(n));
            Assert.Equal($"{sets[n % 3].Name} {n / 3}", mixture.Start(n).Instruction);
        }
    }

    [Fact]
    public void IsHeldOut_MissionWorld_KeepsTheSameMissionsAsItsSets()
    {
        MissionWorldMissions[] sets = [.. Enum.GetValues<MissionFamily>().Select(f => new MissionWorldMissions(f, new MissionWorldOptions()))];
        var mixture = new MissionMixture("mixed", sets);
        Assert.Equal((sets[0].Shape, int.MaxValue, "mixed"), (mixture.Shape, mixture.Count, mixture.Name));
        int[] held = [.. Enumerable.Range(0, 200 * sets.Length).Where(mixture.IsHeldOut)];
        Assert.Equal(40 * sets.Length, held.Length);
        foreach (int n in held.Take(8))
        {
            Assert.Equal(0, n / sets.Length % 5);
            Assert.Equal(sets[n % sets.Length].Start(n / sets.Length).Name, mixture.Start(n).Name);
        }
        mixture.IsHeldOut(int.MaxValue - 1);
    }

    [Fact]
    public void Constructor_SetsOfDifferentLength_CountsWhatEachHas()
    {
        var mixture = new MissionMixture("mixed", new RuledSet("long", 10, _ => false), new RuledSet("short", 3, _ => false));
        Assert.Equal(6, mixture.Count);
        Assert.Equal(["long 0", "short 0", "long 1", "short 1", "long 2", "short 2"], Enumerable.Range(0, mixture.Count).Select(n => mixture.Start(n).Instruction));
        Assert.Equal(0, new MissionMixture("mixed", new RuledSet("a", 5, _ => true), new RuledSet("b", 0, _ => true)).Count);
        Assert.Throws<ArgumentOutOfRangeException>(() => mixture.Start(-1));
    }

    [Fact]
    public void Constructor_NothingOrDifferentShapes_SaysWhich()
    {
        Assert.Contains("'mixed': 0 sets", Assert.Throws<ArgumentException>(() => new MissionMixture("mixed")).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentNullException>(() => new MissionMixture("mixed", null!));
        var one = new RuledSet("one", 5, _ => false);
        // The same widths with another vocabulary: other numbers mean other things.
        foreach (var shape in (ReadOnlySpan<MissionShape>)[Shape with { State = 3 }, Shape with { Candidate = 3 }, Shape with { Vocabulary = "other" }])
        {
            var other = new RuledSet("stranger", 5, _ => false) { Shape = shape };
            Assert.Contains("'stranger' has another shape than 'one'", Assert.Throws<ArgumentException>(() => new MissionMixture("mixed", one, one, other)).Message, StringComparison.Ordinal);
        }
        Assert.Equal(15, new MissionMixture("mixed", one, one, new RuledSet("like", 5, _ => false) { Shape = Shape with { } }).Count);
    }

    private sealed class RuledSet(string name, int count, Func<int, bool> rule) : IMissionSet
    {
        public string Name => name;

        public MissionShape Shape { get; init; } = MissionMixtureTests.Shape;

        public int Count => count;

        public bool IsHeldOut(int number) => rule(number);

        public IMission Start(int number) => new NamedMission($"{name} {number}");
    }

    private sealed class NamedMission(string instruction) : IMission
    {
        public string Name => "named";

        public string Instruction => instruction;

        public string Observation => "";

        public MissionShape Shape => MissionMixtureTests.Shape;

        public int Limit => 1;

        public int Steps => 0;

        public ulong WorldVersion => 0;

        public IReadOnlyList<ActionCall> Candidates => [];

        public void Describe(MissionView view) => view.Resize(0);

        public bool IsExecutable(string command) => false;

        public string? Explain(string command) => null;

        public MissionStep Step(string command) => default;

        public int Expert() => -1;
    }
}
