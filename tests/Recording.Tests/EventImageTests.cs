namespace EdgeAutonomy.Recording.Tests;

public class EventImageTests
{
    [Fact]
    public void New_AnySize_IsQuiet()
    {
        var image = new EventImage(5, 3);
        Assert.Equal(15, image.Pixels.Length);
        Assert.All(image.Pixels, p => Assert.Equal(EventImage.Quiet, p));
    }
}
