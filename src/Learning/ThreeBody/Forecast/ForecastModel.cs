namespace EdgeAutonomy.Learning;

/// <summary>An <see cref="ErrorForecast"/> as the file of a training.</summary>
/// <param name="Forecast">The forecast.</param>
public sealed record ForecastModel(ErrorForecast Forecast) : TrainedModel
{
    /// <inheritdoc/>
    public override string Ending => ".forecast";

    /// <inheritdoc/>
    public override IReadOnlyList<string> Write(string path, ModelOrigin origin)
    {
        Forecast.Save(path);
        return [path];
    }
}
