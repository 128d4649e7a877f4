using EdgeAutonomy.Runtime;
using FsCheck;
using FsCheck.Fluent;

namespace EdgeAutonomy.Agents.Tests;

/// <summary>Fault plans for property tests: drawn from a seed, shrunk by leaving out and weakening.</summary>
internal static class FaultPlans
{
    /// <summary>Returns plans that FsCheck draws and shrinks. A failing case prints its seed and the smallest plan that still fails.</summary>
    public static Arbitrary<(ulong Seed, FaultPlan Plan)> Of(FaultPlanOptions options) => Arb.From(
        ArbMap.Default.GeneratorFor<ulong>().Select(seed => (seed, FaultPlan.Generate(RandomStream.For(seed, "plan"), options))),
        one => one.Item2.Shrink().Select(smaller => (one.Item1, smaller)));
}
