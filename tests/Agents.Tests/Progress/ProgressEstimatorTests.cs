using System.Text;
using EdgeAutonomy.Runtime;
using EdgeAutonomy.Tests;

namespace EdgeAutonomy.Agents.Tests.Progress;

public class ProgressEstimatorTests
{
    private static readonly MissionShape Shape = new(6, 4, 5, "words");

    [Fact]
    public void Of_ByHand_IsTheFormula()
    {
        var weights = Weights();
        var view = View(3);
        double[] x = [.. view.State, .. view.Event, .. view.Candidate(2)];
        double sum = weights.Arrays[3][0];
        for (int h = 0; h < 7; h++)
        {
            double unit = weights.Arrays[1][h];
            for (int i = 0; i < 15; i++) unit += x[i] * weights.Arrays[0][i * 7 + h];
            sum += Math.Tanh(unit) * weights.Arrays[2][h];
        }
        // 15 and 7 products of numbers below 1 in float32: a few units of 2^-24 each.
        Assert.Equal(sum, new ProgressEstimator(weights, Shape).Of(view, 2), 5e-6);
    }

    [Fact]
    public void Of_Call_TakesTheRowOfThatCommand()
    {
        var estimator = new ProgressEstimator(Weights(), Shape);
        var view = View(7);
        var context = Context(view);
        foreach (int row in (int[])[0, 2, 3, 5]) Assert.Equal(estimator.Of(view, row), estimator.Of(context, Call(row)));
        Assert.NotEqual(estimator.Of(view, 0), estimator.Of(view, 2));
        // Not on offer in this view, or a view of other missions: nothing can be said.
        Assert.Null(estimator.Of(context, Call(1)));
        Assert.Null(estimator.Of(context, Call(99)));
        Assert.Null(estimator.Of(context with { View = new MissionView(Shape with { State = 7 }) }, Call(0)));
        Assert.Null(estimator.Of(context with { View = new MissionView(Shape) }, Call(0)));
    }

    [Fact]
    public void Of_DependsOnTheViewAndTheCommandAlone()
    {
        var (a, b) = (new ProgressEstimator(Weights(), Shape), new ProgressEstimator(Weights(), Shape));
        foreach (ulong seed in (ulong[])[1, 5, 2, 5]) a.Of(View(seed), 0);
        Assert.Equal(a.Of(View(4), 3), b.Of(View(4), 3));
    }

    // The same bits with AVX-512, AVX2 and all intrinsics off (DOTNET_EnableAVX512=0, DOTNET_EnableAVX2=0, DOTNET_EnableHWIntrinsic=0).
    [Fact]
    public void Of_ManyViews_GivesTheBitsOfEveryMachine()
    {
        var estimator = new ProgressEstimator(Weights(), Shape);
        var hasher = new StateHasher();
        for (ulong seed = 0; seed < 200; seed++) hasher.Add(BitConverter.SingleToInt32Bits(estimator.Of(View(seed), (int)(seed % 6))));
        Assert.Equal(0x2B70A00EA97C56A4UL, hasher.Value);
    }

    [Fact]
    public void Of_AllocatesNothing()
    {
        var estimator = new ProgressEstimator(Weights(), Shape);
        var context = Context(View(3));
        var call = Call(2);
        Assert.Equal(0, Allocations.Least(5, _ =>
        {
            for (int i = 0; i < 100; i++) estimator.Of(context, call);
        }));
    }

    [Fact]
    public void Estimator_ForOtherMissions_IsRefused()
    {
        Assert.Contains("vocabulary", Assert.Throws<InvalidDataException>(() => new ProgressEstimator(Weights(), Shape with { Vocabulary = "other" })).Message, StringComparison.Ordinal);
        Assert.Contains("6 + 4 + 5", Assert.Throws<InvalidDataException>(() => new ProgressEstimator(Weights(), Shape with { Event = 5 })).Message, StringComparison.Ordinal);
        string path = Path.Combine(Directory.CreateTempSubdirectory("edge-progress").FullName, "x" + ProgressFile.Ending);
        ProgressFile.Write(path, Weights());
        Assert.Equal(Weights().Attributor, ProgressEstimator.Load(path, Shape).Attributor);
        Assert.StartsWith(path, Assert.Throws<InvalidDataException>(() => ProgressEstimator.Load(path, Shape with { State = 5 })).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => ProgressFile.Write(path + ".nir", Weights()));
        Directory.Delete(Path.GetDirectoryName(path)!, recursive: true);
    }

    [Fact]
    public void Read_AfterWrite_IsTheSameEstimator()
    {
        var weights = Weights();
        var read = ProgressFile.Read(ProgressFile.ToBytes(weights), "test");
        Assert.Equal(weights.Hash, read.Hash);
        Assert.Equal(weights.Arrays, read.Arrays);
        Assert.Equal(new BundleAttributor("spa", "spa #1", weights.Hash), read.Attributor);
        Assert.NotEqual(weights.Hash, Weights(seed: 2).Hash);
    }

    [Fact]
    public void Read_DamagedFile_IsRefusedWithItsName()
    {
        byte[] good = ProgressFile.ToBytes(Weights());
        string text = Encoding.UTF8.GetString(good);
        foreach (int cut in (int[])[0, 1, 10, good.Length / 2, good.Length - 1]) Refuse(good[..cut]);
        Refuse(Replace("\"formatVersion\": 1", "\"formatVersion\": 2"));
        Refuse(Replace("edge-mission-progress", "edge-mission-policy"));
        Refuse(Replace("\"state\": 6", "\"state\": 7"));
        Refuse(Replace("\"state\": 6", "\"state\": 2000000000"));
        Refuse(Replace("    7\n", "    0\n"));
        Refuse(Replace("    7\n", "    7, 7\n"));
        Refuse(Replace("    7\n", string.Join(',', Enumerable.Repeat("7", 9)) + "\n"));
        Refuse(Replace("\"name\": \"test\"", "\"name\": \"other\""));
        Refuse(Replace("\"seed\": 3", "\"seed\": 3, \"seed\": 3"));
        Refuse(Replace("\"seed\": 3", "\"seed\": 3, \"more\": 1"));
        Refuse(Replace("\"fc1.bias\"", "\"fc2.bias\""));
        Refuse(Replace("\"attributor\": \"spa\",", ""));
        Refuse("null"u8.ToArray());
        Refuse("[]"u8.ToArray());
        var arrays = ProgressWeights.NamesOf(Weights().Card).Select(n => new float[n.Count]).ToList();
        arrays[3][0] = float.NaN;
        Assert.Contains("progress.bias[0] is NaN", Assert.Throws<InvalidDataException>(() => new ProgressWeights(Weights().Card, arrays)).Message, StringComparison.Ordinal);
        var random = new RandomStream(5);
        for (int i = 0; i < 300; i++)
        {
            byte[] flipped = [.. good];
            flipped[random.NextInt32(good.Length)] ^= (byte)(1 << random.NextInt32(7));
            // White space and the writing of numbers and base64 may change without changing what is meant; all else is found.
            try
            {
                Assert.Equal(Weights().Hash, ProgressFile.Read(flipped, "test").Hash);
            }
            catch (InvalidDataException e)
            {
                Assert.StartsWith("test", e.Message, StringComparison.Ordinal);
            }
        }

        byte[] Replace(string from, string to)
        {
            Assert.Contains(from, text, StringComparison.Ordinal);
            return Encoding.UTF8.GetBytes(text.Replace(from, to, StringComparison.Ordinal));
        }

        static void Refuse(byte[] bytes) => Assert.StartsWith("x.progress.json", Assert.Throws<InvalidDataException>(() => ProgressFile.Read(bytes, "x.progress.json")).Message, StringComparison.Ordinal);
    }

    private static ProgressWeights Weights(ulong seed = 1)
    {
        var card = new ProgressCard { Name = "test", Attributor = "spa", Version = "spa #1", State = 6, Event = 4, Candidate = 5, VocabularyHash = CandidateWeights.HashOf("words"), Hidden = [7], Seed = 3 };
        var random = new RandomStream(seed);
        return new ProgressWeights(card, [.. ProgressWeights.NamesOf(card).Select(n => Enumerable.Range(0, n.Count).Select(_ => (float)random.NextDouble(-0.7, 0.7)).ToArray())]);
    }

    private static MissionView View(ulong seed)
    {
        var random = new RandomStream(seed);
        var view = new MissionView(Shape);
        view.Resize(6);
        for (int i = 0; i < 6; i++) view.State[i] = (float)random.NextDouble(-1, 1);
        for (int i = 0; i < 4; i++) view.Event[i] = (float)random.NextDouble(-1, 1);
        for (int i = 0; i < 30; i++) view.Candidates[i] = (float)random.NextDouble(-1, 1);
        for (int i = 0; i < 6; i++) view.Executable[i] = i != 1 && i != 4;
        return view;
    }

    private static ActionCall Call(int row) => new("do", [], $"do {row}");

    private static AgentContext Context(MissionView view)
    {
        var calls = new List<ActionCall>();
        for (int i = 0; i < view.Count; i++)
        {
            if (view.Executable[i]) calls.Add(Call(i));
        }
        return new AgentContext("m", "", "", [], calls, view, 1, 0, 20);
    }
}
