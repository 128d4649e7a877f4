using System.Globalization;
using EdgeAutonomy.Runtime;
using FsCheck;
using FsCheck.Fluent;

namespace EdgeAutonomy.Agents.Tests;

/// <summary>Whole runs under drawn plans: equal seeds give equal runs, and what the link promises holds under every plan.</summary>
public class FaultPlanTests
{
    private static readonly string[] Ids = ["a", "b", "c", "d"];
    private static readonly FaultPlanOptions Any = new() { Clients = Ids, Topics = ["s/#", "c/+"], From = Stamp.FromSeconds(1), Until = Stamp.FromSeconds(20) };

    [Fact]
    public void Generate_SameSeed_SamePlan()
    {
        string first = FaultPlan.Generate(new RandomStream(4), Any).ToString();
        Assert.Equal(first, FaultPlan.Generate(new RandomStream(4), Any).ToString());
        Assert.NotEqual(first, FaultPlan.Generate(new RandomStream(5), Any).ToString());
    }

    [Fact]
    public void Generate_ManySeeds_AllKindsWithinTheBounds()
    {
        var seen = new HashSet<FaultKind>();
        for (ulong seed = 0; seed < 500; seed++)
        {
            foreach (var fault in FaultPlan.Generate(new RandomStream(seed), Any).Faults)
            {
                seen.Add(fault.Kind);
                FaultRules.Check(fault);
                Assert.True(fault.From >= Any.From && fault.Until >= fault.From && fault.Until <= Any.Until, fault.ToString());
                Assert.NotEqual(0UL, fault.Salt);
            }
        }
        Assert.Equal(Enum.GetValues<FaultKind>().Length, seen.Count);
    }

    [Fact]
    public void Shrink_FailingPlan_EndsWithTheOneFaultThatMatters()
    {
        // "Fails" whenever the hub crashes at all; the smallest such plan is one short crash.
        static bool Fails(FaultPlan plan) => plan.Faults.Any(f => f.Kind == FaultKind.HubCrash);
        var plan = Enumerable.Range(0, 100).Select(i => FaultPlan.Generate(new RandomStream((ulong)i), Any)).First(p => p.Faults.Count > 5 && Fails(p));
        int steps = 0;
        while (plan.Shrink().FirstOrDefault(Fails) is { } smaller)
        {
            plan = smaller;
            Assert.True(++steps < 200, "Shrinking does not end.");
        }
        var last = Assert.Single(plan.Faults);
        Assert.True(last.Until - last.From <= Duration.FromMilliseconds(100));
    }

    [Fact]
    public void Run_SameSeed_SameTrace()
    {
        int differ = 0;
        for (ulong seed = 1; seed <= 30; seed++)
        {
            var first = Play(seed, Plan(seed));
            var second = Play(seed, Plan(seed));
            Assert.Equal((first.Hash, first.Hub.Counters), (second.Hash, second.Hub.Counters));
            // Negative control: another seed for the hub alone changes the run.
            if (Play(seed + 1000, Plan(seed)).Hash != first.Hash) differ++;
        }
        Assert.Equal(30, differ);
    }

    [Fact]
    public void Run_TwentySeeds_GiveTheHashOfEveryMachine()
    {
        // Changes only with the behaviour of the hub, never with the machine or its vector width.
        var hasher = new StateHasher(0);
        for (ulong seed = 1; seed <= 20; seed++) hasher.Add(Play(seed, Plan(seed)).Hash);
        Assert.Equal(5179831531569793529UL, hasher.Value);
    }

    [Fact]
    public void Run_AnyPlan_KeepsWhatTheLinkPromises() =>
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(300), Prop.ForAll(FaultPlans.Of(Any), one => Play(one.Seed, one.Plan).Verify(legal: false)));

    [Fact]
    public void Run_LegalPlan_KeepsOrderAndLosesNothingWhileConnected() =>
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(300), Prop.ForAll(
            FaultPlans.Of(Any with { LegalOnly = true, Kinds = [FaultKind.Drop, FaultKind.Delay, FaultKind.Reorder, FaultKind.Corrupt] }), one => Play(one.Seed, one.Plan).Verify(legal: true)));

    [Fact]
    public void Run_BrokenOrder_IsSeenByTheSameCheck()
    {
        // Negative control of the check above: an illegal fault must be found.
        int found = 0;
        for (ulong seed = 1; seed <= 20; seed++)
        {
            var plan = new FaultPlan([Fault.Reorder(Duration.FromSeconds(2), FaultScope.All, Any.From, Any.Until, breakOrder: true)]);
            try
            {
                Play(seed, plan).Verify(legal: true);
            }
            catch (Xunit.Sdk.XunitException)
            {
                found++;
            }
        }
        Assert.Equal(20, found);
    }

    private static FaultPlan Plan(ulong seed) => FaultPlan.Generate(RandomStream.For(seed, "plan"), Any);

    // Four robots post states, commands and beacons for 25 s, through whatever the plan holds, and then have 100 s to come back.
    private static FaultRun Play(ulong seed, FaultPlan plan)
    {
        var run = new FaultRun(seed, plan, Ids);
        var random = RandomStream.For(seed, "robots");
        for (int step = 0; step < 250; step++)
        {
            int i = random.NextInt32(Ids.Length);
            run.Post(i, (PublishClass)random.NextInt32(3), step.ToString(CultureInfo.InvariantCulture));
            run.RunUntil(Stamp.FromSeconds(0.1 * (step + 1)));
        }
        run.RunUntil(Stamp.FromSeconds(125));
        return run;
    }
}
