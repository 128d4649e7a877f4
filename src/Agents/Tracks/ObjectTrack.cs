namespace EdgeAutonomy.Agents;

/// <summary>An object that robots see or saw.</summary>
/// <param name="Id">Number of the track at its owner.</param>
/// <param name="Class">What it is: 0 = unknown, else as the site counts its classes.</param>
/// <param name="Estimate">Where it is and how it moves at <paramref name="Time"/>.</param>
/// <param name="Time">The instant of the estimate, on the owner's clock.</param>
/// <param name="Sources">Whose sensors it rests on.</param>
public readonly record struct ObjectTrack(uint Id, byte Class, TrackEstimate Estimate, Stamp Time, TrackSources Sources);
