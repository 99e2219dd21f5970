package org.capataz.scheduler.share;

/// Core time that counts the less the longer it is ago: what was used at one moment counts half
/// when the half-life has passed since.
///
/// It is kept in closed form, as what it was at the last change and what is held since. So it comes
/// to the same in however many steps it is reckoned, but for the last bits of a double; and the
/// same steps come to the same bits, wherever they are done.
///
/// @param coreSeconds what it was at the last change
/// @param since that change, in microseconds since 1970
/// @param cores held since then
public record Usage(double coreSeconds, long since, int cores) {

  public static final Usage NONE = new Usage(0, 0, 0);

  private static final double LN_2 = 0.6931471805599453;

  /// Core seconds at a time; a clock that went back counts nothing.
  ///
  /// @param halfLife in microseconds; 0 if nothing fades
  public double at(long time, long halfLife) {
    if (time <= since || (cores == 0 && coreSeconds == 0)) {
      return coreSeconds;
    }
    var seconds = (time - since) / 1e6;
    if (halfLife == 0) {
      return coreSeconds + cores * seconds;
    }
    var perSecond = LN_2 * 1e6 / halfLife;
    // The integral of what is held, fading: exact for short times too.
    var faded = -StrictMath.expm1(-perSecond * seconds);
    return coreSeconds * StrictMath.exp(-perSecond * seconds) + cores * faded / perSecond;
  }

  /// The same, as of a later time.
  Usage until(long time, long halfLife) {
    return time <= since ? this : new Usage(at(time, halfLife), time, cores);
  }

  /// More or fewer cores are held from a time on.
  public Usage holding(int more, long time, long halfLife) {
    var then = until(time, halfLife);
    return new Usage(then.coreSeconds, then.since, cores + more);
  }

  /// From a time on it fades otherwise.
  ///
  /// @param halfLife what held until then
  public Usage fadingOtherwise(long time, long halfLife) {
    return until(time, halfLife);
  }

  /// As it is when the clock was set.
  ///
  /// @param by how much later it is for that, in microseconds
  public Usage whenClockIsSet(long by) {
    return new Usage(coreSeconds, since == 0 ? 0 : since + by, cores);
  }
}
