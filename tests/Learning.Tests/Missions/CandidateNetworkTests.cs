using EdgeAutonomy.Agents;
using EdgeAutonomy.Learning.Tests.Attribution;

namespace EdgeAutonomy.Learning.Tests.Missions;

public class CandidateNetworkTests
{
    private static readonly CandidateNetworkOptions Small = new() { Encoder = 5, Memory = 4, First = 7, Second = 6, Value = 3 };

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Backward_OverWholeEpisodes_IsTheGradient(bool criticSeesMemory)
    {
        var network = Fresh<double>(Small with { CriticSeesMemory = criticSeesMemory });
        var batch = new CandidateBatch<double>(Episodes.Shape);
        Trajectory[] data = [Episodes.Random(3, 1), Episodes.Random(6, 2, terminated: false), Episodes.Random(1, 3), Episodes.Random(6, 4)];
        batch.Load(data, [0, 1, 2, 3], CandidateSet.Plausible, final: true);
        Assert.Equal(3 + 7 + 1 + 6, batch.Rows);
        var random = new CounterRandom(9);
        for (int r = 0; r < batch.Rows; r++) batch.Potentials[r] = random.For(3).Uniform((ulong)r, -1, 1);
        double[] byScore = GradientCheck.Draw(random.For(1), batch.Items, -1, 1), byValue = GradientCheck.Draw(random.For(2), batch.Rows, -1, 1);
        double Value()
        {
            network.Forward(batch);
            double sum = 0;
            for (int i = 0; i < batch.Items; i++) sum += network.Scores[i] * byScore[i];
            for (int i = 0; i < batch.Rows; i++) sum += network.Values[i] * byValue[i];
            return sum;
        }
        Value();
        network.ClearGradients();
        network.Backward(batch, byScore, byValue);
        foreach (var p in network.Parameters) GradientCheck.Compare(p.Name, p.Value, (double[])p.Gradient.Clone(), Value, 1e-6);
    }

    [Fact]
    public void Backward_InFloat_AgreesWithDouble()
    {
        var wide = Fresh<double>(Small);
        var narrow = new CandidateNetwork<float>(Episodes.Shape, Small);
        for (int i = 0; i < wide.Parameters.Count; i++)
        {
            for (int k = 0; k < wide.Parameters[i].Value.Length; k++) wide.Parameters[i].Value[k] = narrow.Parameters[i].Value[k] = (float)wide.Parameters[i].Value[k];
        }
        Trajectory[] data = [Episodes.Random(12, 1), Episodes.Random(20, 2)];
        var a = new CandidateBatch<double>(Episodes.Shape);
        var b = new CandidateBatch<float>(Episodes.Shape);
        a.Load(data, [0, 1], CandidateSet.Executable, final: false);
        b.Load(data, [0, 1], CandidateSet.Executable, final: false);
        wide.Forward(a);
        narrow.Forward(b);
        wide.ClearGradients();
        narrow.ClearGradients();
        wide.Backward(a, [.. Enumerable.Range(0, a.Items).Select(i => Math.Cos(i))], [.. Enumerable.Range(0, a.Rows).Select(i => Math.Sin(i))]);
        narrow.Backward(b, [.. Enumerable.Range(0, a.Items).Select(i => (float)Math.Cos(i))], [.. Enumerable.Range(0, a.Rows).Select(i => (float)Math.Sin(i))]);
        for (int i = 0; i < wide.Parameters.Count; i++)
        {
            double most = wide.Parameters[i].Gradient.Max(Math.Abs);
            // 20 steps back in time with some hundred float32 operations each: well below 1e-3 of the largest.
            for (int k = 0; k < wide.Parameters[i].Gradient.Length; k++) Assert.Equal(wide.Parameters[i].Gradient[k], narrow.Parameters[i].Gradient[k], 1e-3 * most);
        }
    }

    [Fact]
    public void Forward_OtherOrderOfCandidates_GivesTheSameScores()
    {
        var network = Fresh<float>(Small);
        var view = new MissionView(Episodes.Shape);
        var turned = new MissionView(Episodes.Shape);
        view.Resize(5);
        turned.Resize(5);
        var random = new CounterRandom(4);
        for (int i = 0; i < view.Candidates.Length; i++) view.Candidates[i] = (float)random.Uniform((ulong)i, -1, 1);
        int[] order = [3, 0, 4, 1, 2];
        for (int i = 0; i < 5; i++) view.Candidate(order[i]).CopyTo(turned.Candidate(i));
        float[] a = Scores(view), b = Scores(turned);
        for (int i = 0; i < 5; i++) Assert.Equal(a[order[i]], b[i]);
        Assert.True(a.Distinct().Count() == 5);

        float[] Scores(MissionView v)
        {
            var batch = new CandidateBatch<float>(Episodes.Shape);
            batch.Begin();
            batch.Add(v, CandidateSet.Plausible, 0);
            network.Forward(batch);
            return network.Scores.ToArray();
        }
    }

    [Fact]
    public void Load_Masked_HasNoItemForWhatCannotBeCarriedOut()
    {
        var data = Episodes.Random(20, 5);
        var batch = new CandidateBatch<float>(Episodes.Shape);
        batch.Load([data], [0], CandidateSet.Executable, final: false);
        for (int t = 0; t < 20; t++)
        {
            var mask = data.Executable.Slice(data.Starts[t], data.CountOf(t));
            int[] items = batch.Index[batch.Starts[t]..batch.Starts[t + 1]].ToArray();
            int[] expected = [.. Enumerable.Range(0, mask.Length).Where(i => data.Executable[data.Starts[t] + i] || !data.Executable.Slice(data.Starts[t], data.CountOf(t)).Contains(true))];
            Assert.Equal(expected, items);
        }
        Assert.True(batch.Items < data.Candidates.Length / 4, "the mask must have taken something away");
    }

    [Fact]
    public void Load_Masked_ChangedFeaturesOfMaskedCandidates_ChangeNothing()
    {
        // No probability, no gradient: the numbers of masked candidates do not matter at all.
        var (plain, other) = (Masked(0), Masked(1e6f));
        Assert.Equal(plain.Scores, other.Scores);
        Assert.Equal(plain.Gradient, other.Gradient);
        Assert.Contains(plain.Gradient, g => g != 0);

        static (float[] Scores, float[] Gradient) Masked(float number)
        {
            var view = new MissionView(Episodes.Shape);
            view.Resize(4);
            for (int i = 0; i < view.Candidates.Length; i++) view.Candidates[i] = i / 16f;
            view.Candidate(1).Fill(number);
            (view.Executable[0], view.Executable[2], view.Executable[3]) = (true, true, true);
            var t = new Trajectory(Episodes.Shape);
            t.Observe(view, 2, 0);
            t.Receive(new MissionStep(1, true, true, false, true));
            t.End(view);
            var network = Fresh<float>(Small);
            var batch = new CandidateBatch<float>(Episodes.Shape);
            batch.Load([t], [0], CandidateSet.Executable, final: false);
            Assert.Equal(1, batch.Chosen[0]);
            network.Forward(batch);
            var scores = network.Scores.ToArray();
            network.ClearGradients();
            network.Backward(batch, [1, -2, 3], [1]);
            return (scores, [.. network.Parameters.SelectMany(p => p.Gradient)]);
        }
    }

    [Fact]
    public void Forward_StepByStep_GivesTheBitsOfTheWholeEpisode()
    {
        var network = Fresh<float>(Small);
        var data = Episodes.Random(15, 6);
        var batch = new CandidateBatch<float>(Episodes.Shape);
        batch.Load([data, Episodes.Random(9, 7)], [1, 0], CandidateSet.Plausible, final: false);
        network.Forward(batch);
        var whole = new List<float>();
        for (int r = 0; r < batch.Rows; r++)
        {
            if (batch.Episode[r] == 0) whole.AddRange(network.Scores[batch.Starts[r]..batch.Starts[r + 1]].ToArray());
        }
        var view = new MissionView(Episodes.Shape);
        var steps = new List<float>();
        float[] memory = new float[4];
        for (int t = 0; t < data.Length; t++)
        {
            view.Resize(data.CountOf(t));
            data.States.Slice(t * 3, 3).CopyTo(view.State);
            data.Events.Slice(t * 2, 2).CopyTo(view.Event);
            data.Candidates.Slice(data.Starts[t] * 4, view.Count * 4).CopyTo(view.Candidates);
            batch.Clear();
            batch.Begin();
            batch.Add(view, CandidateSet.Plausible, 0);
            network.Forward(batch, memory, values: false);
            steps.AddRange(network.Scores.ToArray());
            memory = network.Memories.ToArray();
        }
        Assert.Equal(whole, steps);
    }

    [Fact]
    public void CandidateChoice_Gradients_AreThoseOfProbabilityEntropyAndDivergence()
    {
        double[] scores = [0.3, -1.2, 0.8, 0.1], logs = new double[4];
        float[] anchor = [-1.5f, -1.2f, -1.3f, -1.6f];
        Check(s =>
        {
            CandidateChoice.Spread<double>(s, logs);
            return logs[2];
        }, g => CandidateChoice.AddGradient<double>(logs, CandidateChoice.Spread<double>(scores, logs), 2, 1, 0, g));
        Check(s => CandidateChoice.Spread<double>(s, logs), g => CandidateChoice.AddGradient<double>(logs, CandidateChoice.Spread<double>(scores, logs), 2, 0, 1, g));
        Check(s =>
        {
            CandidateChoice.Spread<double>(s, logs);
            return CandidateChoice.AddDivergence<double>(logs, anchor, 1, new double[4]);
        }, g =>
        {
            CandidateChoice.Spread<double>(scores, logs);
            CandidateChoice.AddDivergence<double>(logs, anchor, 1, g);
        });

        void Check(Func<double[], double> f, Action<double[]> gradient)
        {
            var g = new double[4];
            gradient(g);
            GradientCheck.Compare("choice", scores, g, () => f(scores), 1e-8);
        }
    }

    private static CandidateNetwork<T> Fresh<T>(CandidateNetworkOptions options) where T : unmanaged, System.Numerics.IFloatingPointIeee754<T>
    {
        var network = new CandidateNetwork<T>(Episodes.Shape, options);
        network.Initialize(3);
        // The heads start near zero, which would hide what lies behind them.
        foreach (var p in network.Parameters) p.Randomize(new CounterRandom(5), 0.6);
        return network;
    }
}
