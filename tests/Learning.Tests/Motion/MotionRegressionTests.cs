using EdgeAutonomy.Perception;
using EdgeAutonomy.Runtime;

namespace EdgeAutonomy.Learning.Tests;

public class MotionRegressionTests
{
    private static readonly MotionShape Shape = new() { Directions = 8, Speeds = [1f], Depth = 6, Radius = 3 };
    private static readonly MotionTask Task = new() { Shape = Shape, NoiseRate = 0.0005 };
    private static readonly MotionRecipe Recipe = new() { TrainingMovies = 40, TestMovies = 12, PatchesPerMovie = 250, TestPatchesPerMovie = 600, Epochs = 5, PrunedEpochs = 3, Batch = 128 };

    // Central differences of the loss in float32 weights: the loss is summed in float64, a step of 1e-2 leaves an error of about 1e-4 of the slope from
    // curvature and 1e-3 from the rounding of the scores.
    [Fact]
    public void Accumulate_Gradient_EqualsFiniteDifferences()
    {
        var patches = Patches(Task, 3, 60, 1);
        var model = new MotionRegression(Shape);
        var random = new RandomStream(2);
        for (int i = 0; i < model.Weights.Length; i++) model.Weights[i] = i % model.Stride < Shape.Classes ? (float)(0.1 * random.NextGaussian()) : 0;
        int[] batch = [.. Enumerable.Range(0, patches.Count)];
        Array.Clear(model.Gradient);
        model.Accumulate(patches, batch);
        float[] gradient = (float[])model.Gradient.Clone();
        int checkedOnes = 0;
        for (int trial = 0; trial < 200; trial++)
        {
            int row = trial < 8 ? Shape.Inputs : random.NextInt32(Shape.Inputs), at = row * model.Stride + (trial < 8 ? trial : random.NextInt32(Shape.Classes));
            float before = model.Weights[at];
            model.Weights[at] = before + 0.01f;
            double up = model.Accumulate(patches, batch);
            model.Weights[at] = before - 0.01f;
            double down = model.Accumulate(patches, batch);
            model.Weights[at] = before;
            double slope = (up - down) / 0.02;
            Assert.InRange(gradient[at] - slope, -2e-3 * (1 + Math.Abs(slope)), 2e-3 * (1 + Math.Abs(slope)));
            if (Math.Abs(slope) > 0.1) checkedOnes++;
        }
        Assert.True(checkedOnes > 20, "hardly any slope: the test is empty");
    }

    [Fact]
    public void Train_SmallTask_LearnsAndPruningKeepsIt()
    {
        var data = MotionData.Create(Task, Recipe, 1, swap: false, _ => { }, default);
        var model = new MotionRegression(Shape);
        model.Train(data.Training, Recipe, Recipe.Epochs, new RandomStream(1), default);
        var full = MotionJudge.Judge(model, data.Test, 4);
        // Chance is 12.5 %; this small recipe gave 89 % when it was made.
        Assert.True(full.Window > 0.7, $"{full}");
        var pruned = model.Copy();
        int keep = Shape.Synapses / 30;
        pruned.Prune(keep);
        pruned.Train(data.Training, Recipe, Recipe.PrunedEpochs, new RandomStream(2), default);
        Assert.InRange(pruned.Synapses, keep / 2, keep);
        Assert.True(MotionJudge.Judge(pruned, data.Test, 4).Window > full.Window - 0.1);
        var shallow = new MotionRegression(Shape);
        shallow.LimitDepth(1);
        shallow.Train(data.Training, Recipe, Recipe.Epochs, new RandomStream(3), default);
        Assert.True(MotionJudge.Judge(shallow, data.Test, 4).Window < full.Window - 0.3, "without delays there is no motion to see");
        Assert.Equal(Shape.Inputs / Shape.Depth * Shape.Classes, shallow.Synapses);
        // The runtime, fed with the same kind of movies, sees what training saw.
        Assert.True(MotionTileCheck.Within(pruned.ToKernel(MotionJudge.Gain(pruned, data.Gain, 4)), Task, 6, 9, 45).Value > 0.7);
    }

    [Fact]
    public void Run_SameSeed_GivesTheSameKernelBitForBit()
    {
        var small = Recipe with { TrainingMovies = 6, TestMovies = 3, Epochs = 2, PrunedEpochs = 1 };
        var context = new ExperimentContext { Seed = 3 };
        var a = new MotionTraining(Task, small, 0.02).Run(context);
        var b = new MotionTraining(Task, small, 0.02).Run(context);
        Assert.True(a.Kernel.Synapses.SequenceEqual(b.Kernel.Synapses));
        Assert.True(a.Kernel.Bias.SequenceEqual(b.Kernel.Bias));
        Assert.False(a.Kernel.Synapses.SequenceEqual(new MotionTraining(Task, small, 0.02).Run(context with { Seed = 4 }).Kernel.Synapses));
        Assert.InRange(a.Kernel.Synapses.Length, 1, Shape.Synapses / 50 + 1);
    }

    [Fact]
    public void Run_Stopped_Throws()
    {
        using var stop = new CancellationTokenSource();
        stop.Cancel();
        Assert.Throws<OperationCanceledException>(() => new MotionTraining(Task, Recipe).Run(new ExperimentContext { Stop = stop.Token }));
    }

    [Fact]
    public void Add_SignsSwapped_RelativePatchesAreTheSameAbsoluteOnesAreNot()
    {
        foreach (var polarity in (MotionPolarity[])[MotionPolarity.Relative, MotionPolarity.Absolute])
        {
            var task = Task with { Shape = Shape with { Polarity = polarity } };
            PatchSet plain = Patches(task, 1, 100, 5), swapped = Patches(task, 1, 100, 5, swap: true);
            Assert.Equal(plain.Count, swapped.Count);
            int alike = Enumerable.Range(0, plain.Count).Count(p => plain.Inputs(p).ToArray().Order().SequenceEqual(swapped.Inputs(p).ToArray().Order()));
            if (polarity == MotionPolarity.Relative) Assert.Equal(plain.Count, alike);
            else Assert.True(alike < plain.Count / 10);
        }
    }

    [Fact]
    public void Allows_CircularMask_IsSmallerForShortDelays()
    {
        var task = Task with { CircularMask = true };
        int Allowed(int delay) => Enumerable.Range(0, Shape.Inputs).Count(i => Shape.Synapse(0, i, 0).Delay == delay && task.Allows(i));
        Assert.True(Allowed(0) < Allowed(5));
        Assert.True(task.Allows(Shape.Input(0, 0, 0, 0)));
        Assert.False(task.Allows(Shape.Input(0, 0, 3, 3)));
        Assert.Equal(Shape.Inputs, Enumerable.Range(0, Shape.Inputs).Count(Task.Allows));
    }

    private static PatchSet Patches(MotionTask task, int movies, int most, ulong seed, bool swap = false)
    {
        var set = new PatchSet(task.Shape);
        for (int m = 0; m < movies; m++) set.Add(MotionMovie.Create(task, new RandomStream(seed + (ulong)m)), most, new RandomStream(seed), swap);
        return set;
    }
}
