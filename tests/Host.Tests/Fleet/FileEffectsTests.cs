namespace EdgeAutonomy.Host.Tests;

public sealed class FileEffectsTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("edge-effects-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void TryDo_OldToken_IsRefusedAndLeavesNoTrace()
    {
        FileEffects one = new(_folder, "r1"), two = new(_folder, "r2");
        Assert.False(one.WasDone("t"));
        Assert.True(one.TryDo("t", 5));
        Assert.False(two.TryDo("t", 4));
        Assert.Equal((1, true), (two.Times("t"), two.WasDone("t")));
        Assert.True(two.TryDo("t", 6));
        Assert.False(one.TryDo("t", 5));
        Assert.Equal(2, one.Times("t"));
        Assert.Equal("5 r1\n6 r2\n", File.ReadAllText(Path.Combine(_folder, "t.done")));
    }

    [Fact]
    public void TryDo_WithoutToken_IsAlwaysDone()
    {
        var effects = new FileEffects(_folder, "r1");
        Assert.True(effects.TryDo("t", 0) && effects.TryDo("t", 9) && effects.TryDo("t", 0));
        Assert.Equal(3, effects.Times("t"));
    }

    [Fact]
    public void TryDo_FromManyAtOnce_WritesWholeLinesAndNeverGoesBack()
    {
        // Each thread opens the file anew, as each process does; the lock is the file's.
        int done = 0;
        Parallel.For(1, 9, robot =>
        {
            var effects = new FileEffects(_folder, $"r{robot}");
            for (ulong token = 1; token <= 25; token++)
            {
                if (effects.TryDo("t", token)) Interlocked.Increment(ref done);
            }
        });
        string[] lines = File.ReadAllLines(Path.Combine(_folder, "t.done"));
        Assert.Equal(done, lines.Length);
        Assert.All(lines, l => Assert.Matches("^[0-9]+ r[1-8]$", l));
        ulong[] tokens = [.. lines.Select(l => ulong.Parse(l.Split(' ')[0], System.Globalization.CultureInfo.InvariantCulture))];
        Assert.Equal(tokens.Order(), tokens);
    }

    [Theory]
    [InlineData("12")]
    [InlineData("12 r")]
    [InlineData("")]
    public void TryDo_AfterAKillInTheMiddleOfALine_CountsWhatWasWrittenWhole(string torn)
    {
        File.WriteAllText(Path.Combine(_folder, "t.done"), "3 r1\n" + torn);
        var effects = new FileEffects(_folder, "r2");
        Assert.Equal(1, effects.Times("t"));
        // The torn one was told to nobody and must not make the next one part of its line.
        Assert.False(effects.TryDo("t", 2));
        Assert.True(effects.TryDo("t", 20));
        Assert.Equal(2, effects.Times("t"));
        Assert.Equal("20 r2", File.ReadAllLines(Path.Combine(_folder, "t.done"))[^1]);
    }

    [Fact]
    public void WasDone_TornLineOnly_IsNotDone()
    {
        File.WriteAllText(Path.Combine(_folder, "t.done"), "7 r");
        Assert.False(new FileEffects(_folder, "r1").WasDone("t"));
    }
}
