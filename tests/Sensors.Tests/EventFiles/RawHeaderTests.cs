using System.Text;

namespace EdgeAutonomy.Sensors.Tests;

public class RawHeaderTests
{
    [Fact]
    public void Parse_HeaderWithEnd_StopsThere()
    {
        var header = Parse("% evt 3.0\n% format EVT3;height=720;width=1280\n% geometry 1280x720\n% end\n% not a key\n");
        Assert.True(header.HasEnd);
        Assert.Equal((EventFormat.Evt3, 1280, 720), (header.Format, header.Width, header.Height));
        Assert.Equal(3, header.Entries.Count);
        Assert.Equal("% evt 3.0\n% format EVT3;height=720;width=1280\n% geometry 1280x720\n% end\n".Length, header.Length);
    }

    [Theory]
    [InlineData("% evt 2.0\n% system_ID 21\n", "%\u0001abc\n")]
    [InlineData("% evt 2.0\n% system_ID 21\n", "% \u0001abc\n")]
    [InlineData("% evt 2.0\n% system_ID 21\n", "% ab\u00FFc\n")]
    [InlineData("% evt 2.0\n% system_ID 21\n", "pP\u0000\u0080")]
    [InlineData("% evt 2.0\n% system_ID 21\n", "")]
    public void Parse_HeaderWithoutEnd_StopsAtTheFirstByteOfThePayload(string text, string payload)
    {
        var header = Parse(text + payload);
        Assert.Equal(text.Length, header.Length);
        Assert.Equal((EventFormat.Evt2, 640, 480), (header.Format, header.Width, header.Height));
    }

    [Fact]
    public void Parse_LineLongerThan4KiB_IsPayload()
    {
        Assert.Equal(10, Parse("% evt 2.0\n% " + new string('x', 5000) + "\n").Length);
    }

    [Fact]
    public void Parse_CarriageReturnsAndSpaces_AreDropped()
    {
        var header = Parse("% Date 2020-09-25   07:48:29\r\n% evt 3.0\r\n% system_ID 48\r\n% end\r\n");
        Assert.True(header.HasEnd);
        Assert.Equal("2020-09-25 07:48:29", header.Get("date"));
        Assert.Equal((EventFormat.Evt3, 1280, 720), (header.Format, header.Width, header.Height));
        Assert.True(header.IsSizeAssumed);
        Assert.False(header.IsFormatAssumed);
    }

    [Theory]
    [InlineData("% format EVT2\n% evt 3.0\n% system_ID 49\n", EventFormat.Evt2, 1280, 720)]
    [InlineData("% evt 2.1\n% geometry 320x320\n", EventFormat.Evt21, 320, 320)]
    [InlineData("% system_ID 40\n", EventFormat.Evt3, 640, 480)]
    [InlineData("% system_ID 41\n", EventFormat.Evt2, 640, 480)]
    [InlineData("% system_ID 64\n", EventFormat.Unknown, 320, 320)]
    [InlineData("% system_ID 49\n% integrator_name Prophesee\n", EventFormat.Evt3, 1280, 720)]
    [InlineData("% system_ID 49\n% integrator_name Somebody\n", EventFormat.Unknown, 0, 0)]
    [InlineData("% format EVT3;width=100;height=50\n% system_ID 49\n", EventFormat.Evt3, 100, 50)]
    public void Parse_NameAndSize_FollowTheOrderOfTheNotes(string text, EventFormat format, int width, int height)
    {
        var header = Parse(text);
        Assert.Equal((format, width, height), (header.Format, header.Width, header.Height));
    }

    [Theory]
    [InlineData("% format EVT3;height=720;width=1280\n% geometry 640x480\n", "1280x720", "640x480")]
    [InlineData("% geometry 1280\n", "geometry", "1280")]
    [InlineData("% geometry 0x720\n", "geometry", "0x720")]
    [InlineData("% geometry 99999999999x720\n", "geometry", "[1, 65536]")]
    [InlineData("% format EVT3;width=12\n", "format", "both width and height")]
    public void Parse_Contradiction_IsRefusedWithBothSides(string text, string one, string other)
    {
        string message = Assert.Throws<InvalidDataException>(() => Parse(text)).Message;
        Assert.Contains(one, message, StringComparison.Ordinal);
        Assert.Contains(other, message, StringComparison.Ordinal);
    }

    [Fact]
    public void Parse_EndlessHeader_IsRefused()
    {
        var text = new StringBuilder();
        while (text.Length < RawHeader.MaxBytes + 100) text.Append("% key value\n");
        Assert.Contains("longer than", Assert.Throws<InvalidDataException>(() => Parse(text.ToString())).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(EventFormat.Evt2)]
    [InlineData(EventFormat.Evt3)]
    public void Write_ThenParse_GivesTheSame(EventFormat format)
    {
        byte[] bytes = RawHeader.Write(format, 321, 123);
        var header = RawHeader.Parse([.. bytes, 0x25, 0x20]);
        Assert.Equal((format, 321, 123, bytes.Length), (header.Format, header.Width, header.Height, header.Length));
    }

    private static RawHeader Parse(string text) => RawHeader.Parse(Encoding.Latin1.GetBytes(text));
}
