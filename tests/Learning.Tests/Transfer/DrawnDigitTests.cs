namespace EdgeAutonomy.Learning.Tests;

public sealed class DrawnDigitTests
{
    [Fact]
    public void Render_EveryDigit_InkInsideThePicture()
    {
        var picture = new float[34 * 34];
        for (int i = 0; i < 200; i++)
        {
            new DrawnDigit(i % 10, new CounterRandom(3).For((ulong)i)).Render(0, 0, picture);
            Assert.All(picture, v => Assert.InRange(v, 0f, 1f));
            Assert.InRange(picture.Count(v => v > 0.5f), 15, 400);
            int border = Enumerable.Range(0, 34).Count(k => picture[k] > 0.5 || picture[33 * 34 + k] > 0.5 || picture[34 * k] > 0.5 || picture[34 * k + 33] > 0.5);
            Assert.Equal(0, border);
        }
    }

    [Fact]
    public void Render_NearestMean_TellsDigitsApart()
    {
        // Drawings of a digit resemble each other more than those of others: the nearest mean of 60 is far above the 10 % of chance.
        var means = new float[10, 34 * 34];
        var picture = new float[34 * 34];
        for (int i = 0; i < 600; i++)
        {
            new DrawnDigit(i % 10, new CounterRandom(3).For((ulong)i)).Render(0, 0, picture);
            for (int p = 0; p < picture.Length; p++) means[i % 10, p] += picture[p] / 60;
        }
        int hits = 0;
        for (int i = 0; i < 200; i++)
        {
            new DrawnDigit(i % 10, new CounterRandom(4).For((ulong)i)).Render(0, 0, picture);
            int best = Enumerable.Range(0, 10).MinBy(k => Enumerable.Range(0, picture.Length).Sum(p => (picture[p] - means[k, p]) * (picture[p] - means[k, p])));
            if (best == i % 10) hits++;
        }
        Assert.InRange(hits, 100, 200);
    }

    [Fact]
    public void Record_EveryDigit_OrderedEventsWithinTheThreeMovements()
    {
        for (int digit = 0; digit < 10; digit++)
        {
            var events = new DrawnDigit(digit, new CounterRandom(3).For((ulong)digit)).Record(new CounterRandom(1));
            Assert.InRange(events.Length, 300, 20_000);
            Assert.Equal(events.Select(e => e.TimeUs).Order(), events.Select(e => e.TimeUs));
            Assert.All(events, e => Assert.True(e.X < 34 && e.Y < 34 && e.Polarity < 2 && e.TimeUs is >= 0 and < 315_000));
            for (int part = 0; part < 3; part++)
            {
                int on = events.Count(e => e.TimeUs / 105_000 == part && e.Polarity == 1), off = events.Count(e => e.TimeUs / 105_000 == part && e.Polarity == 0);
                // A stroke that moves brightens on one side and darkens on the other.
                Assert.InRange(on / (double)off, 0.6, 1.6);
            }
        }
    }

    [Fact]
    public void Constructor_NoDigit_Throws() => Assert.Throws<ArgumentOutOfRangeException>(() => new DrawnDigit(10, new CounterRandom(1)));
}
