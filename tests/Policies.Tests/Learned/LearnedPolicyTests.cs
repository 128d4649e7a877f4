using System.Buffers;
using EdgeAutonomy.Runtime;
using EdgeAutonomy.Tests;

namespace EdgeAutonomy.Policies.Tests;

/// <summary>Choosing: the greatest value that the deadline allows, never another.</summary>
public class LearnedPolicyTests
{
    private static readonly int Values = PolicyNetworks.Schema.Values, Periods = PolicyNetworks.Schema.PeriodsUs.Count;

    [Fact]
    public void TryChoose_AMillionStatesAndDeadlines_NeverBreaksTheMaskAndTakesTheBest()
    {
        using var policy = PolicyNetworks.Policy(PolicyNetworks.Perceptron(3, Values, 1));
        var random = new RandomStream(2);
        int forced = 0, masked = 0, changed = 0;
        for (int n = 0; n < 1_000_000; n++)
        {
            for (int i = 0; i < 3; i++) policy.Observation[i] = (float)(random.NextGaussian() * 8);
            long deadline = (long)random.NextInt32(20_000) * 1000 - 500_000; // some are over already
            Assert.True(policy.TryChoose(new Duration(deadline), out var choice));
            if (choice.IsForced)
            {
                forced++;
                Assert.True(deadline < PolicyNetworks.Schema.PeriodsUs[0] * 1000 && choice is { Action: 0, Period: 0 } && choice.Masked == policy.Values.Length);
                continue;
            }
            if (PolicyNetworks.Schema.PeriodsUs[choice.Period] * 1000 > deadline) Assert.Fail($"a period of {PolicyNetworks.Schema.PeriodsUs[choice.Period]} us at {deadline} ns to the deadline");
            masked += choice.Masked > 0 ? 1 : 0;
            if (n % 1000 != 0) continue;
            float best = float.NegativeInfinity;
            int at = -1;
            for (int v = 0; v < Values; v++)
            {
                if (v % Periods < Periods - choice.Masked / (policy.Values.Length / Periods) && policy.Values[v] > best) (best, at) = (policy.Values[v], v);
            }
            Assert.Equal((at / Periods, at % Periods, best), (choice.Action, choice.Period, choice.Value));
            if (policy.Values.IndexOf(policy.Values.ToArray().Max()) != at) changed++;
        }
        Assert.True(forced > 10_000 && masked > 100_000 && changed > 10, $"{forced} forced, {masked} masked, {changed} changed by the mask");
    }

    [Fact]
    public void TryChoose_AnyObservation_IsScaledAndCutToWhatTrainingSaw()
    {
        using var policy = PolicyNetworks.Policy(PolicyNetworks.Perceptron(3, Values, 3));
        float[] At(params float[] observation)
        {
            observation.CopyTo(policy.Observation);
            Assert.True(policy.TryChoose(Duration.Unlimited, out _));
            return policy.Values.ToArray();
        }
        Assert.Equal(At(10, 3.2f, 5), At(1e9f, 50, 6));
        Assert.NotEqual(At(10, 3.2f, 5), At(9, 3.2f, 5));
        // −1 … 1 over the range: the middle of every range is zero.
        At(5, 0, 2.5f);
        Assert.Equal([0f, 0, 0], policy.Engine.Input().ToArray().Select(v => MathF.Round(v, 6)));
    }

    [Fact]
    public void TryChoose_NotANumber_IsFalseAndKeepsTheMemory()
    {
        using var policy = PolicyNetworks.Policy(PolicyNetworks.Recurrent(3, 8, Values, 4));
        policy.Observation.Fill(1);
        Assert.True(policy.TryChoose(Duration.Unlimited, out _));
        ulong before = Hash(policy);
        foreach (float bad in (float[])[float.NaN, float.PositiveInfinity])
        {
            policy.Observation[1] = bad;
            Assert.False(policy.TryChoose(Duration.Unlimited, out var choice));
            Assert.True(choice is { Action: 0, Period: 0, IsForced: true });
        }
        Assert.Equal(before, Hash(policy));
    }

    [Fact]
    public void Freeze_RecurrentPolicyAtAnyStep_GoesOnBitForBit()
    {
        byte[] network = PolicyNetworks.Recurrent(3, 8, Values, 5);
        using var policy = PolicyNetworks.Policy(network);
        using var other = PolicyNetworks.Policy(network);
        var random = new RandomStream(6);
        for (int step = 0; step < 50; step++)
        {
            var frozen = new ArrayBufferWriter<byte>();
            policy.Freeze(frozen);
            other.Thaw(frozen.WrittenSpan);
            for (int i = 0; i < 3; i++) other.Observation[i] = policy.Observation[i] = (float)random.NextGaussian();
            Assert.True(policy.TryChoose(Duration.Unlimited, out var a) & other.TryChoose(Duration.Unlimited, out var b));
            Assert.Equal(a, b);
            Assert.Equal(policy.Values.ToArray(), other.Values.ToArray());
            Assert.Equal(Hash(policy), Hash(other));
        }
        ulong before = Hash(policy);
        policy.Reset();
        Assert.NotEqual(before, Hash(policy));
        Assert.Throws<InvalidDataException>(() => policy.Thaw([1, 2, 3]));
    }

    [Fact]
    public void TryChoose_AnyNumberOfTimes_AllocatesNothing()
    {
        using var policy = PolicyNetworks.Policy(PolicyNetworks.Recurrent(3, 8, Values, 7));
        Allocations.AssertNone(() => policy.TryChoose(Duration.FromMilliseconds(4), out _));
    }

    [Fact]
    public void Construct_NetworkThatDoesNotFitOrIsUnsafe_IsRefused()
    {
        foreach (var (network, part) in (ReadOnlySpan<(byte[], string)>)
        [
            (PolicyNetworks.Perceptron(4, Values, 1), "the card has 3 inputs"),
            (PolicyNetworks.Perceptron(3, Values - 1, 1), $"must give 'q' with {Values} values"),
            (PolicyNetworks.Perceptron(3, Values, 1, "values"), "must give 'q'"),
            (PolicyNetworks.Perceptron(3, Values, 1, weight: float.PositiveInfinity), "not finite"),
            (PolicyNetworks.Perceptron(3, Values, 1, weight: 1e30f), "not finite"),
        ])
        {
            var error = Assert.Throws<InvalidDataException>(() => PolicyNetworks.Policy(network));
            Assert.Contains(part, error.Message, StringComparison.Ordinal);
        }
    }

    private static ulong Hash(LearnedPolicy policy)
    {
        var hasher = new StateHasher();
        policy.AddTo(ref hasher);
        return hasher.Value;
    }
}
