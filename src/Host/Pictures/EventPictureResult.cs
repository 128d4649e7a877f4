namespace EdgeAutonomy.Host;

/// <summary>What <c>edge events view</c> wrote; its properties are the keys of <c>--json</c>.</summary>
/// <param name="File">The recording.</param>
/// <param name="Picture">The picture.</param>
/// <param name="Format">The recording's format.</param>
/// <param name="Width">Columns of the sensor.</param>
/// <param name="Height">Rows of the sensor.</param>
/// <param name="PictureWidth">Columns of the picture.</param>
/// <param name="PictureHeight">Rows of the picture.</param>
/// <param name="Scale">Pixels of the picture per pixel of the sensor; below 1 when it was shrunk.</param>
/// <param name="Style">What the colours mean.</param>
/// <param name="Events">Events drawn, all windows together.</param>
/// <param name="Windows">One row per window.</param>
internal sealed record EventPictureResult(
    string File, string Picture, string Format, int Width, int Height, int PictureWidth, int PictureHeight, double Scale, EventPictureStyle Style, long Events, IReadOnlyList<EventWindow> Windows);
