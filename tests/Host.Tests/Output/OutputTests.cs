namespace EdgeAutonomy.Host.Tests;

public class OutputTests
{
    [Fact]
    public void Text_NumbersAndWords_AreAlignedWithoutEscapeCodes()
    {
        var view = new TableView("robots", ["robot", ">goals"], [["r1", "7"], ["robot-two", "12"]]);
        Assert.Equal("robots\nrobot      goals\nr1             7\nrobot-two     12\n", TableWriter.Text(view));
    }

    [Fact]
    public void Write_NotAScreen_WritesPlainText()
    {
        var output = new StringWriter();
        TableWriter.Write(new Terminal(output, new StringWriter()), new TableView("", ["a"], [["[red]x[/]"]]));
        Assert.Equal("a\n[red]x[/]\n", output.ToString());
    }

    [Fact]
    public void Draw_CellsWithMarkup_AreShownAsTheyStand() =>
        Assert.Equal(2, TableWriter.Draw(new TableView("[b]", ["a", ">b"], [["[red]", "[/]"]])).Columns.Count);

    [Fact]
    public void Serialize_NumbersThatJsonLacks_BecomeNull() =>
        Assert.Equal("""{"p50":1.5,"p99":null,"max":null}""", JsonOutput.Serialize(new LatencyUs(1.5, double.NaN, double.PositiveInfinity)));

    [Fact]
    public void Hash_AnyValue_HasSixteenDigits()
    {
        Assert.Equal("0000000000000001", JsonOutput.Hash(1));
        Assert.Equal("ffffffffffffffff", JsonOutput.Hash(ulong.MaxValue));
    }

    [Theory]
    // Wilson's interval for 7 of 10 at 95 %, from the published formula worked by hand to six digits.
    [InlineData(7, 10, 0.7, 0.396778, 0.892209)]
    [InlineData(0, 10, 0, 0, 0.277533)]
    [InlineData(10, 10, 1, 0.722467, 1)]
    public void Of_HitsInTrials_GivesWilsonsInterval(long hits, long trials, double value, double low, double high)
    {
        var rate = Rate.Of(hits, trials);
        Assert.Equal(value, rate.Value, 12);
        Assert.Equal(low, rate.Low, 6);
        Assert.Equal(high, rate.High, 6);
    }

    [Fact]
    public void Of_NoTrials_KnowsNothing() => Assert.Equal(new Rate(double.NaN, 0, 1, 0), Rate.Of(0, 0));

    [Fact]
    public void Describe_ThisMachine_NamesEverything()
    {
        var machine = Machine.Describe();
        Assert.All([machine.Cpu, machine.Os, machine.Runtime, machine.Simd], text => Assert.False(string.IsNullOrWhiteSpace(text)));
        Assert.True(machine.Cores > 0);
    }
}
